package adit.dht;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RecordRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final PrivateKey owner = PrivateKey.generate();
    private final PrivateKey other = PrivateKey.generate();

    @Test
    void publicKeyBelongsUnderItsOwnIdAlone() {
        byte[] key = Names.key("/pk/", owner.peerId());
        assertDoesNotThrow(() -> RecordRules.check(key, owner.publicKey().toProtobuf(), NOW));
        assertThrows(MalformedException.class, () -> RecordRules.check(key, other.publicKey().toProtobuf(), NOW));
        assertThrows(MalformedException.class, () -> RecordRules.check(key, new byte[] {1, 2, 3}, NOW));
    }

    @Test
    void recordOfItsOwnerIsValidUntilItExpires() throws Exception {
        byte[] record = new IpnsDraft(owner).sequence(3).expires(NOW).toBytes();
        byte[] key = Names.key("/ipns/", owner.peerId());
        assertDoesNotThrow(() -> RecordRules.check(key, record, NOW));
        assertThrows(MalformedException.class, () -> RecordRules.check(key, record, NOW.plusNanos(1)));
        assertEquals(new IpnsRecord(NOW, 3), IpnsRecord.verified(owner.peerId(), record));
    }

    @Test
    void recordOfAnotherOwnerIsRefused() {
        byte[] key = Names.key("/ipns/", owner.peerId());
        byte[] foreign = new IpnsDraft(other).expires(NOW).toBytes();
        assertThrows(MalformedException.class, () -> RecordRules.check(key, foreign, NOW));
        byte[] withForeignKey = new IpnsDraft(other).expires(NOW).withKey().toBytes();
        assertThrows(MalformedException.class, () -> RecordRules.check(key, withForeignKey, NOW));
    }

    @Test
    void everyByteOfWhatIsSignedCounts() {
        byte[] key = Names.key("/ipns/", owner.peerId());
        byte[] good = new IpnsDraft(owner).expires(NOW).toBytes();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThrows(MalformedException.class, () -> RecordRules.check(key, bad, NOW));
        }
    }

    @Test
    void legacyFieldsMustAgreeWithWhatIsSigned() {
        byte[] key = Names.key("/ipns/", owner.peerId());
        assertDoesNotThrow(() -> RecordRules.check(key, new IpnsDraft(owner).expires(NOW).withLegacy("/ipfs/a").toBytes(), NOW));
        assertThrows(MalformedException.class,
                () -> RecordRules.check(key, new IpnsDraft(owner).expires(NOW).withLegacy("/ipfs/other").toBytes(), NOW));
    }

    @Test
    void recordWithoutSignatureOrTooLongIsRefused() {
        byte[] key = Names.key("/ipns/", owner.peerId());
        assertThrows(MalformedException.class, () -> RecordRules.check(key, new byte[0], NOW));
        assertThrows(MalformedException.class, () -> RecordRules.check(key, new byte[IpnsRecord.MAXIMUM_LENGTH + 1], NOW));
    }

    @Test
    void otherKeysHoldNothing() {
        for (String key : new String[] {"", "/", "/pk", "/pk/", "/ipns/", "/x/y", "pk/"}) {
            assertThrows(MalformedException.class, () -> RecordRules.check(key.getBytes(StandardCharsets.UTF_8), new byte[1], NOW));
        }
    }

    @Test
    void newerSequenceWinsThenTheLongerLife() throws Exception {
        byte[] key = Names.key("/ipns/", owner.peerId());
        byte[] old = new IpnsDraft(owner).sequence(1).expires(NOW.plusSeconds(9)).toBytes();
        byte[] fresh = new IpnsDraft(owner).sequence(2).expires(NOW).toBytes();
        byte[] longer = new IpnsDraft(owner).sequence(2).expires(NOW.plusSeconds(1)).toBytes();
        assertTrue(RecordRules.isBetter(key, fresh, old));
        assertFalse(RecordRules.isBetter(key, old, fresh));
        assertTrue(RecordRules.isBetter(key, longer, fresh));
        assertFalse(RecordRules.isBetter(key, fresh, fresh));
    }
}
