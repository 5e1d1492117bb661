package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerRecord;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import adit.transport.Direction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IdentifyMessageTest {
    private static final PrivateKey KEY = PrivateKey.generate();
    private static final Multiaddr ADDRESS = Peers.address("/ip4/192.0.2.1/tcp/4001");
    private static final Multiaddr OBSERVED = Peers.address("/ip4/198.51.100.7/tcp/4002");

    private static IdentifyMessage message(List<String> protocols, byte[] signedPeerRecord) {
        return new IdentifyMessage("ipfs/0.1.0", "adit/test", KEY.publicKey().toProtobuf(), List.of(ADDRESS), OBSERVED, protocols,
                signedPeerRecord);
    }

    private static IdentifyMessage empty() {
        return new IdentifyMessage(null, null, null, List.of(), null, List.of(), null);
    }

    private static byte[] record(PrivateKey signer, Multiaddr... addresses) {
        return new PeerRecord(signer.peerId(), 7, List.of(addresses)).seal(signer).toBytes();
    }

    private static IdentifyMessage read(List<byte[]> parts) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            Varint.writeLengthPrefixed(wire, part);
        }
        return IdentifyMessage.read(new ByteArrayInputStream(wire.toByteArray()));
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("/x/service-number-%05d".formatted(i));
        }
        return names;
    }

    private static StubConnection connection() {
        return StubConnection.from(KEY, Direction.INBOUND, "/ip4/127.0.0.1/tcp/5");
    }

    @Test void everyFieldComesBack() throws IOException {
        IdentifyMessage back = read(message(List.of("/x/a", "/x/b"), record(KEY, ADDRESS)).encode());
        assertEquals("ipfs/0.1.0", back.protocolVersion());
        assertEquals("adit/test", back.agentVersion());
        assertArrayEquals(KEY.publicKey().toProtobuf(), back.publicKey());
        assertEquals(List.of(ADDRESS), back.listenAddresses());
        assertEquals(OBSERVED, back.observedAddress());
        assertEquals(List.of("/x/a", "/x/b"), back.protocols());
        assertArrayEquals(record(KEY, ADDRESS), back.signedPeerRecord());
    }

    @Test void smallMessageHasOnePart() {
        assertEquals(1, message(names(10), record(KEY, ADDRESS)).encode().size());
    }

    @Test void signedRecordOfAMiddlingMessageHasAPartOfItsOwn() {
        List<byte[]> parts = message(names(80), record(KEY, ADDRESS)).encode();
        assertEquals(2, parts.size());
        assertArrayEquals(new ProtobufWriter().bytes(8, record(KEY, ADDRESS)).toBytes(), parts.get(1));
    }

    @Test void manyProtocolsAreSpreadOverParts() throws IOException {
        List<byte[]> parts = message(names(500), record(KEY, ADDRESS)).encode();
        assertTrue(parts.stream().allMatch(part -> part.length <= IdentifyMessage.MAXIMUM_OWN_PART));
        assertEquals(names(500), read(parts).protocols());
    }

    @Test void noMessageHasMorePartsThanOthersRead() throws IOException {
        List<byte[]> parts = message(names(5000), record(KEY, ADDRESS)).encode();
        assertEquals(IdentifyMessage.MAXIMUM_PARTS, parts.size());
        assertTrue(parts.stream().allMatch(part -> part.length <= IdentifyMessage.MAXIMUM_OWN_PART));
        read(parts);
    }

    @Test void tooManyPartsAreRefused() {
        byte[] part = message(List.of(), null).encode().getFirst();
        assertThrows(MalformedException.class, () -> read(Collections.nCopies(IdentifyMessage.MAXIMUM_PARTS + 1, part)));
    }

    @Test void tooLongAPartIsRefused() {
        byte[] part = new ProtobufWriter().bytes(99, new byte[IdentifyMessage.MAXIMUM_PART]).toBytes();
        assertThrows(MalformedException.class, () -> read(List.of(part)));
    }

    @Test void streamWithoutAMessageIsMalformed() {
        assertThrows(MalformedException.class, () -> read(List.of()));
    }

    @Test void emptyMessageTellsNothing() throws IOException {
        IdentifyMessage nothing = read(List.of(new byte[0]));
        assertNull(nothing.agentVersion());
        IdentifiedPeer peer = nothing.identifiedPeer(connection());
        assertEquals("", peer.agentVersion());
        assertEquals("", peer.protocolVersion());
        assertNull(peer.observedAddress());
        assertEquals(Set.of(), peer.protocols());
        assertEquals(KEY.peerId(), peer.peerId());
    }

    @Test void addressOfAnUnknownKindIsLeftOut() throws IOException {
        byte[] part = new ProtobufWriter().bytes(2, new byte[] {(byte) 0xff, 0x7f, 1}).bytes(2, ADDRESS.toBytes())
                .bytes(4, new byte[] {1}).toBytes();
        IdentifyMessage message = read(List.of(part));
        assertEquals(List.of(ADDRESS), message.listenAddresses());
        assertNull(message.observedAddress());
    }

    @Test void whatIsKeptOfAPeerIsBounded() throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < IdentifyMessage.MAXIMUM_PARTS; part++) {
            ProtobufWriter writer = new ProtobufWriter();
            for (int i = 0; i < 250; i++) {
                writer.bytes(2, Peers.address("/ip4/192.0.2.1/tcp/" + (1 + part * 250 + i)).toBytes());
                writer.string(3, "/x/" + part + "/" + i);
            }
            parts.add(writer.toBytes());
        }
        IdentifyMessage message = read(parts);
        assertEquals(IdentifyMessage.MAXIMUM_ADDRESSES, message.listenAddresses().size());
        assertEquals(IdentifyMessage.MAXIMUM_PROTOCOLS, message.protocols().size());
    }

    @Test void protocolsAreBoundedInBytesToo() throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < IdentifyMessage.MAXIMUM_PARTS; part++) {
            ProtobufWriter writer = new ProtobufWriter();
            for (int i = 0; i < 7; i++) {
                writer.string(3, "/x/%d/%d/%s".formatted(part, i, "n".repeat(993)));
            }
            parts.add(writer.toBytes());
        }
        assertEquals(16, read(parts).protocols().size());
    }

    @Test void versionIsFitForATerminal() throws IOException {
        byte[] part = new ProtobufWriter().string(6, "kubo\u001b[2J/1\n" + "x".repeat(500)).toBytes();
        String version = read(List.of(part)).agentVersion();
        assertTrue(version.startsWith("kubo?[2J/1?xxx"), version);
        assertEquals(IdentifyMessage.MAXIMUM_VERSION, version.length());
    }

    @Test void protocolWithControlCharactersIsLeftOut() throws IOException {
        byte[] part = new ProtobufWriter().string(3, "/x/\u001b[2J").string(3, "/x/good").toBytes();
        assertEquals(List.of("/x/good"), read(List.of(part)).protocols());
    }

    @Test void pushReplacesOnlyWhatItTells() {
        IdentifyMessage push = empty().with(List.of(), List.of("/x/new"));
        IdentifyMessage merged = push.over(message(List.of("/x/old"), null));
        assertEquals(List.of("/x/new"), merged.protocols());
        assertEquals("adit/test", merged.agentVersion());
        assertEquals(List.of(ADDRESS), merged.listenAddresses());
    }

    @Test void addressesThePeerSignedCountBeforeOthers() {
        Multiaddr signed = Peers.address("/ip4/203.0.113.1/tcp/1");
        assertEquals(List.of(signed), message(List.of(), record(KEY, signed)).identifiedPeer(connection()).listenAddresses());
    }

    @Test void recordOfAnotherPeerCountsForNothing() {
        Multiaddr foreign = Peers.address("/ip4/203.0.113.1/tcp/1");
        byte[] record = record(PrivateKey.generate(), foreign);
        assertEquals(List.of(ADDRESS), message(List.of(), record).identifiedPeer(connection()).listenAddresses());
    }

    @Test void recordWithAWrongSignatureCountsForNothing() {
        byte[] record = record(KEY, Peers.address("/ip4/203.0.113.1/tcp/1"));
        record[record.length - 1] ^= 1;
        assertEquals(List.of(ADDRESS), message(List.of(), record).identifiedPeer(connection()).listenAddresses());
    }

    @Test void peerIdAtTheEndOfAListenAddressIsCutOff() {
        Multiaddr full = Peers.address("/ip4/192.0.2.1/tcp/4001/p2p/" + KEY.peerId());
        IdentifyMessage message = empty().with(List.of(full), List.of());
        assertEquals(List.of(ADDRESS), message.identifiedPeer(connection()).listenAddresses());
    }
}
