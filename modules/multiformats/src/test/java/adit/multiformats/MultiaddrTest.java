package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr.Component;
import adit.multiformats.Multiaddr.Protocol;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MultiaddrTest {
    private static final String PEER = "/p2p/12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV";
    private static final String OTHER = "/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";

    static List<String[]> good() throws IOException {
        return Vectors.read("multiaddr-good.txt", "\t");
    }

    static List<String[]> bad() throws IOException {
        return Vectors.read("multiaddr-bad.txt", "\t");
    }

    static List<String[]> badBytes() throws IOException {
        return Vectors.read("multiaddr-bad-bytes.txt", " ");
    }

    private static Multiaddr parse(String text) throws MalformedException {
        return Multiaddr.parse(text);
    }

    @ParameterizedTest
    @MethodSource("good")
    void everyAddressHasTheTextAndTheBytesThatGoGivesIt(String text, String canonical, String hex) throws IOException {
        Multiaddr address = Multiaddr.parse(text);
        assertEquals(canonical, address.toString());
        assertEquals(hex, HexFormat.of().formatHex(address.toBytes()));
        Multiaddr read = Multiaddr.fromBytes(address.toBytes());
        assertEquals(canonical, read.toString());
        assertEquals(address, read);
        assertEquals(address.hashCode(), read.hashCode());
        assertEquals(address, Multiaddr.parse(canonical));
        assertEquals(address, Multiaddr.of(address.components().toArray(new Component[0])));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void everyTextThatIsNoAddressIsRefusedInTheWordsOfGo(String text, String message) {
        String said = assertThrows(MalformedException.class, () -> Multiaddr.parse(text)).getMessage();
        assertTrue(said.startsWith(message), said);
        assertTrue(said.length() > message.length() || !message.endsWith(": "), said);
    }

    @ParameterizedTest
    @MethodSource("badBytes")
    void bytesThatAreNoAddressAreRefused(String hex) {
        assertThrows(MalformedException.class, () -> Multiaddr.fromBytes(HexFormat.of().parseHex(hex)));
    }

    @Test
    void noBytesAreNoAddress() {
        assertThrows(MalformedException.class, () -> Multiaddr.fromBytes(new byte[0]));
        assertThrows(MalformedException.class, () -> Multiaddr.of());
    }

    @Test
    void everyProtocolIsInTheGoodAddresses() throws IOException {
        for (Protocol protocol : Protocol.values()) {
            boolean there = false;
            for (String[] vector : good()) {
                there |= Multiaddr.parse(vector[0]).has(protocol);
            }
            assertTrue(there, protocol.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLongestAddressInBytesIsNotTooLongAsText(Protocol protocol) throws IOException {
        byte[] code = Varint.encode(protocol.code());
        byte[] shortest = switch (protocol) {
            case IP4 -> new byte[4];
            case IP6 -> new byte[16];
            case TCP, UDP -> new byte[2];
            case IPCIDR -> new byte[1];
            case P2P -> HexFormat.of().parseHex("03000161");
            case CERTHASH -> HexFormat.of().parseHex("020000");
            case UNIX -> HexFormat.of().parseHex("022f61");
            default -> protocol.hasValue() ? HexFormat.of().parseHex("0161") : new byte[0];
        };
        int each = code.length + shortest.length;
        int count = protocol == Protocol.UNIX ? 1 : Multiaddr.MAXIMUM_BYTES / each;
        byte[] bytes = new byte[count * each];
        for (int at = 0; at < bytes.length; at += each) {
            System.arraycopy(code, 0, bytes, at, code.length);
            System.arraycopy(shortest, 0, bytes, at + code.length, shortest.length);
        }
        Multiaddr address = Multiaddr.fromBytes(bytes);
        assertEquals(address, Multiaddr.parse(address.toString()));
    }

    @Test
    void addressesOverTheLimitsAreRefused() throws IOException {
        String fits = "/unix/" + "a".repeat(1000);
        assertEquals(fits, parse(fits).toString());
        assertThrows(MalformedException.class, () -> parse("/unix/" + "a".repeat(1100)));
        assertThrows(MalformedException.class, () -> parse("/ws".repeat(10_000_000)));
        assertThrows(MalformedException.class, () -> Multiaddr.fromBytes(new byte[1_000_000]));
        Multiaddr half = parse("/dns/" + "a".repeat(600));
        assertThrows(IllegalArgumentException.class, () -> half.encapsulate(half));
        String said = assertThrows(MalformedException.class, () -> parse("/dns/" + "a".repeat(5000))).getMessage();
        assertTrue(said.length() <= PrintableText.MAXIMUM_LENGTH, said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dns/a\nb", "/dns/\u001b[31m", "/unix/a\u0000b", "/ip6zone/\u202e/ip6/::1", "/sni/\u009b"})
    void namesThatATerminalCannotShowAreRefused(String text) {
        String said = assertThrows(MalformedException.class, () -> parse(text)).getMessage();
        assertTrue(said.codePoints().allMatch(PrintableText::isPrintable), said);
    }

    @Test
    void valuesWhereNoneBelongAreRefused() {
        assertThrows(MalformedException.class, () -> Multiaddr.of(new Component(Protocol.TLS, "x")));
        assertThrows(MalformedException.class, () -> Multiaddr.of(new Component(Protocol.TCP, "")));
        assertThrows(MalformedException.class, () -> Multiaddr.of(new Component(Protocol.DNS, "a/tcp/80")));
        assertThrows(MalformedException.class, () -> Multiaddr.of(new Component(Protocol.UNIX, "/a"), new Component(Protocol.WS, "")));
    }

    @Test
    void theFormerNameOfP2pIsTheSame() throws IOException {
        assertEquals(parse(OTHER), parse(OTHER.replace("/p2p/", "/ipfs/")));
    }

    @Test
    void valuesAreFoundByTheirProtocol() throws IOException {
        Multiaddr address = parse("/ip4/127.0.0.1/tcp/5555/udp/1234/tls/ip4/1.2.3.4" + PEER + "/p2p-circuit" + OTHER);
        assertEquals(Optional.of("127.0.0.1"), address.valueOf(Protocol.IP4));
        assertEquals(Optional.of(""), address.valueOf(Protocol.TLS));
        assertEquals(Optional.empty(), address.valueOf(Protocol.UNIX));
        assertTrue(address.has(Protocol.P2P_CIRCUIT));
        assertFalse(address.has(Protocol.QUIC));
        assertEquals(Optional.of(PEER.substring(5)), address.valueOf(Protocol.P2P));
        assertEquals(Optional.of(OTHER.substring(5)), address.lastPeerId());
        assertEquals(Optional.empty(), parse("/tcp/1").lastPeerId());
        assertEquals(Optional.of("/a/b c"), parse("/tcp/1/unix/a/b c").valueOf(Protocol.UNIX));
        assertThrows(UnsupportedOperationException.class, () -> address.components().clear());
    }

    @Test
    void thePeerIdAtTheEndCanBeTakenOff() throws IOException {
        Multiaddr bare = parse("/ip4/127.0.0.1/tcp/1");
        assertSame(bare, bare.withoutTrailingPeerId().orElseThrow());
        assertEquals(Optional.of(bare), parse(bare + PEER).withoutTrailingPeerId());
        assertEquals(Optional.of(parse(bare + PEER + "/p2p-circuit")), parse(bare + PEER + "/p2p-circuit" + OTHER).withoutTrailingPeerId());
        assertEquals(Optional.empty(), parse(PEER).withoutTrailingPeerId());
    }

    @Test
    void addressesAreJoined() throws IOException {
        assertEquals(parse("/ip4/127.0.0.1/udp/1234/udp/5678"), parse("/ip4/127.0.0.1/udp/1234").encapsulate(parse("/udp/5678")));
        assertThrows(IllegalArgumentException.class, () -> parse("/unix/a").encapsulate(parse("/udp/5678")));
    }

    @Test
    void addressesAreComparedByTheirBytes() throws IOException {
        assertEquals(parse("/ip4/127.0.0.1/tcp/1234"), parse("/ip4/127.0.0.1/tcp/01234/"));
        assertNotEquals(parse("/ip4/127.0.0.1/tcp/1234"), parse("/ip4/127.0.0.1/udp/1234"));
        assertNotEquals(null, parse("/tcp/1"));
    }

    @Test
    void anAddressIsNotChangedThroughItsArrays() throws IOException {
        byte[] bytes = parse("/ip4/127.0.0.1/tcp/1234").toBytes();
        Multiaddr address = Multiaddr.fromBytes(bytes);
        bytes[1] = 9;
        address.toBytes()[1] = 9;
        assertEquals(parse("/ip4/127.0.0.1/tcp/1234"), address);
    }

    @Test
    void socketAddressesOfTcpComeBack() throws IOException {
        for (String text : List.of("/ip4/127.0.0.1/tcp/0", "/ip4/255.255.255.255/tcp/65535", "/ip6/::1/tcp/80",
                "/ip6/2001:db8::1/tcp/4001")) {
            InetSocketAddress socket = parse(text).toTcp().orElseThrow();
            assertEquals(text, Multiaddr.ofTcp(socket).toString());
            assertEquals(Optional.of(socket), parse(text + PEER).toTcp());
        }
        assertEquals(Optional.of(new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 5)), parse("/ip6/::ffff:1.2.3.4/tcp/5").toTcp());
        assertThrows(IllegalArgumentException.class, () -> Multiaddr.ofTcp(InetSocketAddress.createUnresolved("localhost", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/tcp/1", "/ip4/1.2.3.4", "/ip4/1.2.3.4/udp/1", "/ip4/1.2.3.4/tcp/1/ws", "/ip4/1.2.3.4/tcp/1/tls", "/dns4/localhost/tcp/1",
        "/dns/localhost/tcp/1", PEER, "/ip4/1.2.3.4/tcp/1" + PEER + "/p2p-circuit", "/ip4/1.2.3.4/tcp/1" + PEER + PEER,
        "/ip6zone/lo/ip4/1.2.3.4/tcp/1", "/ip6zone/lo/tcp/1", "/ip4/1.2.3.4/ipcidr/8", "/ip6zone/no such zone/ip6/fe80::1/tcp/1",
        "/ip6zone/1/ip6/::ffff:1.2.3.4/tcp/1", "/ip6zone/x%y/ip6/fe80::1/tcp/1", "/ip6zone/-1/ip6/fe80::1/tcp/1", "/unix/a", "/p2p-circuit",
    })
    void otherAddressesAreNoSocketAddresses(String text) throws IOException {
        assertEquals(Optional.empty(), parse(text).toTcp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "999999999", "LOOPBACK"})
    void aScopedSocketAddressComesBack(String zone) throws IOException {
        String name = zone.equals("LOOPBACK") ? NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1")).getName() : zone;
        // an interface's name needs an address of the same scope on it
        String text = "/ip6zone/" + name + "/ip6/" + (zone.equals(name) ? "fe80::1" : "::1") + "/tcp/80";
        InetSocketAddress socket = parse(text).toTcp().orElseThrow();
        assertEquals(text, Multiaddr.ofTcp(socket).toString());
        assertTrue(((Inet6Address) socket.getAddress()).getScopeId() > 0);
    }
}
