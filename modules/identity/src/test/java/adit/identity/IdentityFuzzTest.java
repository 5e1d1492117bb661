package adit.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whatever a peer or a file says, it is refused or it becomes a key, an id or a record that comes back from its bytes. */
final class IdentityFuzzTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    @FuzzTest(maxDuration = "2m")
    void peerIds(byte[] input) throws MalformedException {
        PeerId id;
        try {
            id = PeerId.parse(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedException refused) {
            return;
        }
        assertEquals(id, PeerId.parse(id.toString()));
        assertEquals(id, PeerId.parse(id.toBase36()));
        assertEquals(id, PeerId.parse(id.toBase32()));
        assertEquals(id, PeerId.fromBytes(id.toBytes()));
        assertTrue(id.publicKey().isEmpty() || PeerId.of(id.publicKey().get()).publicKey().equals(id.publicKey()));
    }

    @FuzzTest(maxDuration = "2m")
    void publicKeys(byte[] bytes) throws MalformedException {
        PublicKey key;
        try {
            key = PublicKey.fromProtobuf(bytes);
        } catch (MalformedException refused) {
            return;
        }
        assertEquals(key, PublicKey.fromProtobuf(key.toProtobuf()));
        assertTrue(!key.verify(MESSAGE, bytes) || key.type() == KeyType.ED25519);
        assertEquals(PeerId.of(key), PeerId.of(PublicKey.fromProtobuf(key.toProtobuf())));
    }

    @FuzzTest(maxDuration = "2m")
    void privateKeys(byte[] bytes) throws MalformedException {
        PrivateKey key;
        try {
            key = PrivateKey.fromProtobuf(bytes);
        } catch (MalformedException refused) {
            return;
        }
        assertEquals(key.publicKey(), PrivateKey.fromProtobuf(key.toProtobuf()).publicKey());
        if (key.publicKey().type() != KeyType.RSA) {
            // a file with a damaged RSA key is found out when it signs; all others when they are read
            assertTrue(key.publicKey().verify(MESSAGE, key.sign(MESSAGE)));
        }
    }

    @FuzzTest(maxDuration = "2m")
    void signatures(byte[] bytes) throws IOException {
        for (TestKey vector : TestKey.all()) {
            PublicKey key = PublicKey.fromProtobuf(vector.bytes("public"));
            boolean right = Arrays.equals(bytes, vector.bytes("signature"));
            assertTrue(!key.verify(MESSAGE, bytes));
            assertTrue(!right || key.verify(TestKey.MESSAGE, bytes));
        }
    }

    @FuzzTest(maxDuration = "2m")
    void envelopes(byte[] bytes) throws MalformedException {
        SignedEnvelope envelope;
        try {
            envelope = SignedEnvelope.open(bytes, PeerRecord.DOMAIN);
        } catch (MalformedException refused) {
            return;
        }
        assertArrayEquals(envelope.payload(), SignedEnvelope.open(envelope.toBytes(), PeerRecord.DOMAIN).payload());
    }

    /** The fuzzer's bytes as the record inside, properly signed: it could not make the signature itself. */
    @FuzzTest(maxDuration = "2m")
    void records(byte[] payload) throws IOException {
        PrivateKey key = PrivateKey.fromProtobuf(TestKey.of(KeyType.ED25519).bytes("private"));
        PeerRecord record;
        try {
            record = PeerRecord.open(SignedEnvelope.seal(key, PeerRecord.DOMAIN, new byte[] {3, 1}, payload).toBytes());
        } catch (MalformedException refused) {
            return;
        }
        assertTrue(record.addresses().size() <= PeerRecord.MAXIMUM_ADDRESSES);
        assertEquals(record, PeerRecord.open(record.seal(key).toBytes()));
    }
}
