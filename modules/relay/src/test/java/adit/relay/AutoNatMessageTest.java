package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AutoNatMessageTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String ADDRESS = "0401020304060005"; // /ip4/1.2.3.4/tcp/5

    private static Multiaddr address(Random random) throws MalformedException {
        return Multiaddr.parse("/ip4/1.2.3." + random.nextInt(256) + (random.nextBoolean() ? "/tcp/" : "/udp/") + random.nextInt(65536));
    }

    // ---- version 1

    @Test
    void theBytesOfVersion1AreThoseOfTheSpecification() throws Exception {
        var dial = new AutoNatV1Message.Dial(null, List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5")));
        assertArrayEquals(HEX.parseHex("0800" + "120c" + "0a0a" + "1208" + ADDRESS), dial.toBytes());
        assertEquals(dial, AutoNatV1Message.parse(dial.toBytes()));
        // DIAL_RESPONSE, E_DIAL_REFUSED, "no"
        var refused = new AutoNatV1Message.DialResponse(AutoNatV1Message.Status.E_DIAL_REFUSED, "no", null);
        assertArrayEquals(HEX.parseHex("0801" + "1a06" + "0865" + "12026e6f"), refused.toBytes());
        assertEquals(refused, AutoNatV1Message.parse(refused.toBytes()));
    }

    @Test
    void anythingOfVersion1ComesBack() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            List<Multiaddr> addresses = new ArrayList<>();
            while (random.nextInt(8) > 0 && addresses.size() < AutoNatV1Message.MAXIMUM_ADDRESSES) {
                addresses.add(address(random));
            }
            AutoNatV1Message dial = new AutoNatV1Message.Dial(random.nextBoolean() ? null : PrivateKey.generate().peerId(), addresses);
            var statuses = AutoNatV1Message.Status.values();
            AutoNatV1Message response = new AutoNatV1Message.DialResponse(statuses[random.nextInt(statuses.length)],
                    "x".repeat(random.nextInt(AutoNatV1Message.MAXIMUM_TEXT)), random.nextBoolean() ? null : address(random));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            dial.write(out);
            response.write(out);
            ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
            assertEquals(dial, AutoNatV1Message.read(in));
            assertEquals(response, AutoNatV1Message.read(in));
            assertNull(AutoNatV1Message.read(in));
        }
    }

    @Test
    void whatIsWrongInVersion1IsRefused() {
        for (String wrong : new String[] {
            "", "0800", "0801", "0802", "0800" + "1200", "0801" + "1a020863", "0800" + "1206" + "0a04" + "0a020102", "0801" + "1203"}) {
            assertThrows(MalformedException.class, () -> AutoNatV1Message.parse(HEX.parseHex(wrong)), wrong);
        }
        assertThrows(MalformedException.class, () -> AutoNatV1Message.read(new ByteArrayInputStream(HEX.parseHex("8120")))); // 4097 bytes
    }

    @Test
    void addressesAndTextBeyondTheBoundsAreLeftOut() throws Exception {
        var many = new AutoNatV1Message.Dial(null, Collections.nCopies(AutoNatV1Message.MAXIMUM_ADDRESSES + 9, Multiaddr.parse("/ip4/1.2.3.4/tcp/5")));
        assertEquals(AutoNatV1Message.MAXIMUM_ADDRESSES, ((AutoNatV1Message.Dial) AutoNatV1Message.parse(many.toBytes())).addresses().size());
        var loud = new AutoNatV1Message.DialResponse(AutoNatV1Message.Status.OK, "\u001b[2J" + "x".repeat(1000), null);
        String text = ((AutoNatV1Message.DialResponse) AutoNatV1Message.parse(loud.toBytes())).text();
        assertEquals("?[2J" + "x".repeat(AutoNatV1Message.MAXIMUM_TEXT - 4), text);
        // an address of a kind unknown here
        byte[] peer = new ProtobufWriter().bytes(2, HEX.parseHex("ffff03")).bytes(2, HEX.parseHex(ADDRESS)).toBytes();
        byte[] dial = new ProtobufWriter().varint(1, 0).message(2, new ProtobufWriter().bytes(1, peer)).toBytes();
        assertEquals(new AutoNatV1Message.Dial(null, List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5"))), AutoNatV1Message.parse(dial));
    }

    // ---- version 2

    @Test
    void theBytesOfVersion2AreThoseOfTheSpecification() throws Exception {
        var request = new AutoNatV2Message.DialRequest(List.of(Optional.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5"))), 0x0102030405060708L);
        assertArrayEquals(HEX.parseHex("0a13" + "0a08" + ADDRESS + "11" + "0807060504030201"), request.toBytes());
        var response = new AutoNatV2Message.DialResponse(AutoNatV2Message.ResponseStatus.OK, 3, AutoNatV2Message.DialStatus.E_DIAL_ERROR);
        assertArrayEquals(HEX.parseHex("1207" + "08c801" + "1003" + "1864"), response.toBytes());
        assertArrayEquals(HEX.parseHex("1a06" + "0801" + "10b0ea01"), new AutoNatV2Message.DialDataRequest(1, 30_000).toBytes());
        assertArrayEquals(HEX.parseHex("2204" + "0a020000"), new AutoNatV2Message.DialDataResponse(2).toBytes());
        assertArrayEquals(HEX.parseHex("09" + "0807060504030201"), AutoNatV2Message.dialBack(0x0102030405060708L));
        assertEquals(0x0102030405060708L, AutoNatV2Message.parseDialBack(HEX.parseHex("09" + "0807060504030201")));
    }

    @Test
    void anythingOfVersion2ComesBack() throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            List<Optional<Multiaddr>> addresses = new ArrayList<>();
            while (random.nextInt(8) > 0 && addresses.size() < AutoNatV2Message.MAXIMUM_ADDRESSES) {
                addresses.add(random.nextInt(4) == 0 ? Optional.empty() : Optional.of(address(random)));
            }
            var statuses = AutoNatV2Message.ResponseStatus.values();
            var dialStatuses = AutoNatV2Message.DialStatus.values();
            List<AutoNatV2Message> messages = List.of(new AutoNatV2Message.DialRequest(addresses, random.nextLong()),
                    new AutoNatV2Message.DialResponse(statuses[random.nextInt(statuses.length)], random.nextLong(),
                            dialStatuses[random.nextInt(dialStatuses.length)]),
                    new AutoNatV2Message.DialDataRequest(random.nextLong(), random.nextLong()),
                    new AutoNatV2Message.DialDataResponse(random.nextInt(AutoNatV2Message.MAXIMUM_DATA + 1)));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (AutoNatV2Message message : messages) {
                message.write(out);
            }
            ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
            for (AutoNatV2Message message : messages) {
                assertEquals(message, AutoNatV2Message.read(in));
            }
            assertNull(AutoNatV2Message.read(in));
        }
    }

    @Test
    void whatIsWrongInVersion2IsRefused() {
        for (String wrong : new String[] {"", "2a00", "1203" + "08c901", "1202" + "1801", "0a03" + "110000", "0a05"}) {
            assertThrows(MalformedException.class, () -> AutoNatV2Message.parse(HEX.parseHex(wrong)), wrong);
        }
        assertThrows(MalformedException.class, () -> AutoNatV2Message.read(new ByteArrayInputStream(HEX.parseHex("8140")))); // 8193 bytes
        assertThrows(MalformedException.class, () -> AutoNatV2Message.parseDialBack(HEX.parseHex("0901")));
    }

    @Test
    void addressesBeyondTheMaximumAreNotLookedAt() throws Exception {
        var many = new AutoNatV2Message.DialRequest(Collections.nCopies(AutoNatV2Message.MAXIMUM_ADDRESSES + 9,
                Optional.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5"))), 7);
        var read = (AutoNatV2Message.DialRequest) AutoNatV2Message.parse(many.toBytes());
        assertEquals(AutoNatV2Message.MAXIMUM_ADDRESSES, read.addresses().size());
        assertEquals(7, read.nonce());
    }
}
