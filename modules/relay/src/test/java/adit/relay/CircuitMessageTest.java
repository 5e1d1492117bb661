package adit.relay;

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
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class CircuitMessageTest {
    private static final PeerId PEER = PrivateKey.generate().peerId();

    private static byte[] written(CircuitProtocol protocol, CircuitMessage message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.write(protocol, out);
        return out.toByteArray();
    }

    private static CircuitMessage read(CircuitProtocol protocol, byte[] bytes) throws IOException {
        return CircuitMessage.read(protocol, new ByteArrayInputStream(bytes));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test void theBytesAreThoseOfTheSpecification() throws Exception {
        PeerId id = PeerId.parse("QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN");
        String multihash = HexFormat.of().formatHex(id.toBytes());
        RelayLimit limit = new RelayLimit(Duration.ofMinutes(2), 131_072);
        String limitBytes = "0878" + "10808008"; // 120 s, 128 KiB
        assertArrayEquals(hex("02" + "0800"), written(CircuitProtocol.HOP, CircuitMessage.reserve()));
        assertArrayEquals(hex("28" + "0801" + "1224" + "0a22" + multihash), written(CircuitProtocol.HOP, CircuitMessage.connect(id, RelayLimit.NONE)));
        assertArrayEquals(hex("30" + "0800" + "1224" + "0a22" + multihash + "1a06" + limitBytes),
                written(CircuitProtocol.STOP, CircuitMessage.connect(id, limit)));
        assertArrayEquals(hex("05" + "0802" + "28cc01"), written(CircuitProtocol.HOP, CircuitMessage.status(CircuitStatus.NO_RESERVATION)));
        assertArrayEquals(hex("04" + "0801" + "2064"), written(CircuitProtocol.STOP, CircuitMessage.status(CircuitStatus.OK)));
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/5");
        var reservation = new CircuitMessage.Reservation(Instant.ofEpochSecond(1_800_000_000), List.of(address), new byte[] {7});
        assertArrayEquals(hex("21" + "0802" + "1a13" + "0880a4a7da06" + "1208" + "0401020304060005" + "1a0107" + "2206" + limitBytes + "2864"),
                written(CircuitProtocol.HOP, CircuitMessage.status(CircuitStatus.OK, reservation, limit)));
    }

    @Test void whatIsWrittenIsReadBack() throws Exception {
        Random random = new Random(8);
        for (int i = 0; i < 500; i++) {
            for (CircuitProtocol protocol : CircuitProtocol.values()) {
                CircuitMessage message = randomMessage(protocol, random);
                CircuitMessage read = read(protocol, written(protocol, message));
                assertEquals(message.type(), read.type());
                assertEquals(message.peer(), read.peer());
                assertEquals(message.limit(), read.limit());
                assertEquals(message.status(), read.status());
                if (protocol == CircuitProtocol.STOP || message.reservation() == null) {
                    assertNull(read.reservation());
                } else {
                    assertEquals(message.reservation().expire(), read.reservation().expire());
                    assertEquals(message.reservation().addresses(), read.reservation().addresses());
                    assertArrayEquals(message.reservation().voucher(), read.reservation().voucher());
                }
            }
        }
    }

    private static CircuitMessage randomMessage(CircuitProtocol protocol, Random random) throws MalformedException {
        CircuitMessage.Reservation reservation = null;
        if (random.nextBoolean()) {
            byte[] voucher = new byte[random.nextInt(300)];
            random.nextBytes(voucher);
            List<Multiaddr> addresses = new ArrayList<>();
            for (int i = random.nextInt(CircuitMessage.MAXIMUM_ADDRESSES + 1); i > 0; i--) {
                addresses.add(Multiaddr.parse("/ip4/1.2.3." + random.nextInt(256) + "/tcp/" + random.nextInt(65_536) + "/p2p/" + PEER));
            }
            reservation = new CircuitMessage.Reservation(Instant.ofEpochSecond(random.nextLong(1L << 40)), addresses, voucher);
        }
        RelayLimit limit = random.nextBoolean() ? RelayLimit.NONE
                : new RelayLimit(Duration.ofSeconds(random.nextLong(RelayLimit.MAXIMUM_SECONDS + 1)), random.nextLong(Long.MAX_VALUE));
        List<CircuitMessage.Type> types = protocol.types();
        return new CircuitMessage(types.get(random.nextInt(types.size())), random.nextBoolean() ? PEER : null, reservation, limit,
                new CircuitStatus(random.nextInt(1000)));
    }

    @Test void nothingBehindTheMessageIsRead() throws Exception {
        byte[] message = written(CircuitProtocol.STOP, CircuitMessage.status(CircuitStatus.OK));
        byte[] both = Arrays.copyOf(message, message.length + 3);
        InputStream in = new ByteArrayInputStream(both);
        CircuitMessage.read(CircuitProtocol.STOP, in);
        assertEquals(3, in.available());
    }

    @Test void numbersOfFieldsAndTypesAreThoseOfTheProtocol() throws Exception {
        byte[] hopStatus = CircuitMessage.status(CircuitStatus.OK).toBytes(CircuitProtocol.HOP);
        assertThrows(MalformedException.class, () -> CircuitMessage.parse(CircuitProtocol.STOP, hopStatus)); // type 2
        assertEquals(CircuitMessage.Type.RESERVE, CircuitMessage.parse(CircuitProtocol.HOP, new byte[0]).type());
        assertEquals(CircuitMessage.Type.CONNECT, CircuitMessage.parse(CircuitProtocol.STOP, new byte[0]).type());
    }

    @ParameterizedTest @EnumSource
    void unknownTypesAreRefused(CircuitProtocol protocol) {
        for (long type : new long[] {protocol.types().size(), 7, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
            assertThrows(MalformedException.class, () -> CircuitMessage.parse(protocol, new ProtobufWriter().varint(1, type).toBytes()));
        }
    }

    @ParameterizedTest @EnumSource
    void unknownFieldsAndStatusesAreTolerated(CircuitProtocol protocol) throws Exception {
        byte[] bytes = new ProtobufWriter().varint(1, 1).varint(99, 5).bytes(100, new byte[50]).varint(protocol.statusField(), 299).toBytes();
        CircuitMessage message = CircuitMessage.parse(protocol, bytes);
        assertEquals(new CircuitStatus(299), message.status());
        assertEquals("status 299", message.status().toString());
        assertEquals("NO_RESERVATION", new CircuitStatus(204).toString());
    }

    @ParameterizedTest @EnumSource
    void anIdThatIsNoneIsRefused(CircuitProtocol protocol) {
        byte[] bytes = new ProtobufWriter().varint(1, 1).message(2, new ProtobufWriter().bytes(1, new byte[] {1, 2, 3})).toBytes();
        assertThrows(MalformedException.class, () -> CircuitMessage.parse(protocol, bytes));
    }

    @Test void peerWithoutIdIsNoPeer() throws Exception {
        assertNull(CircuitMessage.parse(CircuitProtocol.HOP, new ProtobufWriter().varint(1, 1).message(2, new ProtobufWriter()).toBytes()).peer());
    }

    @Test void numbersBeyondTheirRangeAreTheLargest() throws Exception {
        byte[] limit = new ProtobufWriter().message(4, new ProtobufWriter().varint(1, 0x1_0000_0005L).varint(2, -1)).toBytes();
        assertEquals(new RelayLimit(Duration.ofSeconds(5), Long.MAX_VALUE), CircuitMessage.parse(CircuitProtocol.HOP, limit).limit());
        byte[] reservation = new ProtobufWriter().message(3, new ProtobufWriter().varint(1, -1)).toBytes();
        assertEquals(Instant.ofEpochSecond(Instant.MAX.getEpochSecond()), CircuitMessage.parse(CircuitProtocol.HOP, reservation).reservation().expire());
    }

    @Test void limitOfLessThanASecondIsNotUnlimited() {
        assertEquals(Duration.ofSeconds(1), new RelayLimit(Duration.ofMillis(1), 0).duration());
        assertEquals(Duration.ofSeconds(RelayLimit.MAXIMUM_SECONDS), new RelayLimit(Duration.ofDays(1_000_000), 0).duration());
        assertTrue(new RelayLimit(Duration.ZERO, 0).isNone());
        assertThrows(IllegalArgumentException.class, () -> new RelayLimit(Duration.ZERO, -1));
    }

    @Test void addressesThatAreNotUnderstoodAreLeftOut() throws Exception {
        Multiaddr good = Multiaddr.parse("/ip4/1.2.3.4/tcp/5");
        byte[] reservation = new ProtobufWriter().message(3, new ProtobufWriter().bytes(2, hex("ffff03")).bytes(2, new byte[0])
                .bytes(2, good.toBytes())).toBytes();
        assertEquals(List.of(good), CircuitMessage.parse(CircuitProtocol.HOP, reservation).reservation().addresses());
    }

    @Test void manyAddressesAreCutWhenReadAndWritten() throws Exception {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/5");
        ProtobufWriter many = new ProtobufWriter();
        for (int i = 0; i < 3 * CircuitMessage.MAXIMUM_ADDRESSES; i++) {
            many.bytes(2, address.toBytes());
        }
        byte[] bytes = new ProtobufWriter().message(3, many).toBytes();
        assertEquals(CircuitMessage.MAXIMUM_ADDRESSES, CircuitMessage.parse(CircuitProtocol.HOP, bytes).reservation().addresses().size());

        Multiaddr longName = Multiaddr.parse("/dns4/" + String.join(".", Collections.nCopies(4, "a".repeat(60))) + "/tcp/4001/p2p/" + PEER);
        var reservation = new CircuitMessage.Reservation(Instant.now(), Collections.nCopies(40, longName), new byte[300]);
        byte[] written = written(CircuitProtocol.HOP, CircuitMessage.status(CircuitStatus.OK, reservation, new RelayLimit(Duration.ofDays(9), 1L << 50)));
        assertTrue(written.length <= CircuitMessage.MAXIMUM + 2, written.length + " bytes");
        assertEquals(12, read(CircuitProtocol.HOP, written).reservation().addresses().size());
    }

    @ParameterizedTest @EnumSource
    void lengthIsCheckedBeforeAnythingIsAllocated(CircuitProtocol protocol) {
        assertThrows(MalformedException.class, () -> read(protocol, hex("ffffffff7f")));
        assertThrows(MalformedException.class, () -> read(protocol, hex("8120"))); // 4097
        assertThrows(EOFException.class, () -> read(protocol, hex("8020"))); // 4096, but nothing follows
        assertThrows(EOFException.class, () -> read(protocol, new byte[0]));
    }
}
