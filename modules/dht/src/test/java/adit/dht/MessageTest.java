package adit.dht;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MessageTest {
    private static final byte[] KEY = "/pk/x".getBytes(StandardCharsets.UTF_8);

    private static KnownPeer peer(String... addresses) throws Exception {
        List<Multiaddr> parsed = new java.util.ArrayList<>();
        for (String address : addresses) {
            parsed.add(Multiaddr.parse(address));
        }
        return new KnownPeer(PrivateKey.generate().peerId(), parsed);
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Message message = new Message(MessageType.GET_VALUE, KEY, new ValueRecord(KEY, new byte[] {1, 2}, "2026-01-02T03:04:05Z"),
                List.of(peer("/ip4/1.2.3.4/tcp/5", "/ip4/1.2.3.4/udp/5/quic-v1"), peer()), List.of(peer("/dns4/example.com/tcp/443")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.write(out);
        Message read = Message.read(new ByteArrayInputStream(out.toByteArray()), Message.MAXIMUM_ANSWER);
        assertEquals(message.type(), read.type());
        assertArrayEquals(KEY, read.key());
        assertArrayEquals(KEY, read.record().key());
        assertArrayEquals(new byte[] {1, 2}, read.record().value());
        assertEquals("2026-01-02T03:04:05Z", read.record().timeReceived());
        assertEquals(message.closerPeers(), read.closerPeers());
        assertEquals(message.providerPeers(), read.providerPeers());
    }

    @Test
    void theBytesAreThoseOfTheSpecification() throws Exception {
        // type 4 (FIND_NODE), key of three bytes, cluster level 0 left out
        assertArrayEquals(HexFormat.of().parseHex("08041203616263"), Message.findNode("abc".getBytes(StandardCharsets.US_ASCII)).toBytes());
        PeerId id = PeerId.parse("QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN");
        String multihash = HexFormat.of().formatHex(id.toBytes());
        // closer peer: field 8 of 46 bytes: id of 34, address /ip4/1.2.3.4/tcp/5 of 8, connection 1
        Message answer = Message.parse(HexFormat.of().parseHex("0804" + "4230" + "0a22" + multihash + "1208" + "0401020304060005" + "1801" + "5001"));
        assertEquals(List.of(new KnownPeer(id, List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5")))), answer.closerPeers());
    }

    @Test
    void typeThatIsNotSentIsPutValue() throws Exception {
        assertEquals(MessageType.PUT_VALUE, Message.parse(new byte[0]).type());
    }

    @Test
    void unknownTypeIsRefused() {
        assertThrows(MalformedException.class, () -> Message.parse(new ProtobufWriter().varint(1, 6).toBytes()));
        assertThrows(MalformedException.class, () -> Message.parse(new ProtobufWriter().varint(1, -1).toBytes()));
    }

    @Test
    void entriesThatAreNotUnderstoodAreLeftOut() throws Exception {
        KnownPeer good = peer("/ip4/1.2.3.4/tcp/5");
        byte[] withBadAddress = new ProtobufWriter().bytes(1, good.id().toBytes()).bytes(2, new byte[] {(byte) 0xff, (byte) 0xff, 3})
                .bytes(2, good.addresses().getFirst().toBytes()).toBytes();
        byte[] badId = new ProtobufWriter().bytes(1, new byte[] {1, 2, 3}).toBytes();
        byte[] bytes = new ProtobufWriter().varint(1, 4).bytes(8, badId).bytes(8, withBadAddress).toBytes();
        assertEquals(List.of(good), Message.parse(bytes).closerPeers());
    }

    @Test
    void peersAndAddressesBeyondTheMaximumAreLeftOut() throws Exception {
        ProtobufWriter writer = new ProtobufWriter().varint(1, 4);
        KnownPeer peer = peer("/ip4/1.2.3.4/tcp/5");
        ProtobufWriter many = new ProtobufWriter().bytes(1, peer.id().toBytes());
        for (int i = 0; i < 3 * Message.MAXIMUM_ADDRESSES; i++) {
            many.bytes(2, peer.addresses().getFirst().toBytes());
        }
        for (int i = 0; i < 2 * Message.MAXIMUM_PROVIDERS; i++) {
            writer.message(8, many).message(9, many);
        }
        Message message = Message.parse(writer.toBytes());
        assertEquals(Message.MAXIMUM_CLOSER, message.closerPeers().size());
        assertEquals(Message.MAXIMUM_PROVIDERS, message.providerPeers().size());
        assertTrue(message.closerPeers().stream().allMatch(each -> each.addresses().size() == Message.MAXIMUM_ADDRESSES));
    }

    @Test
    void lengthIsCheckedBeforeAnythingIsAllocated() {
        byte[] hugeLength = HexFormat.of().parseHex("ffffffff7f");
        assertThrows(MalformedException.class, () -> Message.read(new ByteArrayInputStream(hugeLength), Message.MAXIMUM_REQUEST));
        assertThrows(MalformedException.class, () -> Message.parse(new ProtobufWriter().bytes(2, new byte[Message.MAXIMUM_KEY + 1]).toBytes()));
    }

    @Test
    void endOfTheStreamIsNoMessage() throws Exception {
        assertNull(Message.read(new ByteArrayInputStream(new byte[0]), Message.MAXIMUM_REQUEST));
    }
}
