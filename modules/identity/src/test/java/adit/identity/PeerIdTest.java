package adit.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.Multibase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PeerIdTest {
    static List<TestKey> keys() throws IOException {
        return TestKey.all();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyFormOfAnIdIsReadAndWrittenAsGoDoes(TestKey vector) throws IOException {
        PeerId id = PeerId.of(PublicKey.fromProtobuf(vector.bytes("public")));
        assertEquals(vector.text("id"), id.toString());
        assertEquals(vector.text("base36"), id.toBase36());
        assertEquals(vector.text("base32"), id.toBase32());
        for (String form : new String[] {"id", "base36", "base32"}) {
            assertEquals(id, PeerId.parse(vector.text(form)));
        }
        assertEquals(id, PeerId.fromBytes(id.toBytes()));
        assertEquals(id.hashCode(), PeerId.parse(vector.text("base36")).hashCode());
        for (Multibase base : Multibase.values()) {
            assertEquals(id, PeerId.parse(base.encode(Multibase.decode(vector.text("base32")))));
        }
        assertEquals(Optional.of(id.toString()), Multiaddr.parse("/p2p/" + id.toBase32()).lastPeerId());
    }

    @ParameterizedTest
    @CsvSource({
        "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N,bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
        "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA,bafzaajaiaejcal72gwuz2or47oyxxn6b3rkwdmmkrxgkjxzy3rqt5kczyn7lcm3l",
    })
    void theExamplesOfTheSpecificationAreRead(String base58, String base32) throws IOException {
        assertEquals(base58, PeerId.parse(base32).toString());
        assertEquals(base32, PeerId.parse(base58).toBase32());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shortKeysAreInTheirIdsAndLongOnesAreHashed(TestKey vector) throws IOException {
        PublicKey key = PublicKey.fromProtobuf(vector.bytes("public"));
        boolean isShort = vector.bytes("public").length <= 42;
        assertEquals(vector.type() == KeyType.ED25519 || vector.type() == KeyType.SECP256K1, isShort);
        assertEquals(isShort ? Optional.of(key) : Optional.empty(), PeerId.of(key).publicKey());
        assertEquals(isShort ? 0x00 : 0x12, PeerId.of(key).toBytes()[0]);
    }

    @Test
    void anIdThatHoldsNoKeyHasNone() throws IOException {
        assertEquals(Optional.empty(), PeerId.fromBytes(HexFormat.of().parseHex("000161")).publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "1", "Qm", "x", "12D3KooW", "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5", "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx50",
        "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", " 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
        "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA ", "bafkreifoybygix7fh3r3g5rqle3wcnhqldgdg4shzf4k3ulyw3gn7mabt4",
        "bafybeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe", "k", "k51", "zQmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
        "localhost", "1111111111111111111111111111111111111111",
        "QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY",
    })
    void otherTextIsRefusedAndNamed(String text) {
        String message = assertThrows(MalformedException.class, () -> PeerId.parse(text)).getMessage();
        assertTrue(message.startsWith("invalid peer id \"" + text + "\": "), message);
    }

    @Test
    void longTextIsRefusedBeforeItTakesTime() {
        String message = assertThrows(MalformedException.class, () -> PeerId.parse("1".repeat(50_000_000))).getMessage();
        assertTrue(message.length() < 3000, "length " + message.length());
    }

    @Test
    void idsAreOrderedByTheirBytes() throws IOException {
        List<PeerId> ids = new ArrayList<>();
        for (String hex : new String[] {"000100", "00017f", "000180", "0001ff", "000200" + "00", "1220" + "80".repeat(32)}) {
            ids.add(PeerId.fromBytes(HexFormat.of().parseHex(hex)));
        }
        List<PeerId> shuffled = new ArrayList<>(ids.reversed());
        Collections.sort(shuffled);
        assertEquals(ids, shuffled);
        assertEquals(0, ids.getFirst().compareTo(PeerId.fromBytes(ids.getFirst().toBytes())));
        assertNotEquals(ids.get(0), ids.get(1));
    }

    @Test
    void anIdIsNotChangedThroughItsArrays() throws IOException {
        byte[] bytes = HexFormat.of().parseHex("000161");
        PeerId id = PeerId.fromBytes(bytes);
        Arrays.fill(bytes, (byte) 9);
        Arrays.fill(id.toBytes(), (byte) 9);
        assertArrayEquals(HexFormat.of().parseHex("000161"), id.toBytes());
    }
}
