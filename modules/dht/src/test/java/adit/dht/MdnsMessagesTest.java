package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MdnsMessagesTest {
    private static final PeerId SELF = PrivateKey.generate().peerId();
    private static final PeerId OTHER = PrivateKey.generate().peerId();
    private static final String NAME = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final MdnsMessages ours = new MdnsMessages(SELF, NAME);
    private final MdnsMessages theirs = new MdnsMessages(OTHER, NAME + "x");

    private static List<Multiaddr> addresses(String... texts) throws MalformedException {
        List<Multiaddr> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(Multiaddr.parse(text));
        }
        return addresses;
    }

    /** Through the wire. */
    private static DnsMessage sent(DnsMessage message) throws MalformedException {
        return DnsMessage.parse(message.encode());
    }

    private static DnsMessage question(String name, int type) {
        return new DnsMessage(0, 0, List.of(new DnsMessage.Question(name, type, DnsMessage.CLASS_IN)), List.of(), List.of());
    }

    private static DnsMessage texts(String name, String... texts) {
        DnsMessage.Resource record = new DnsMessage.Resource(name, DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN, 10,
                DnsMessage.textBytes(List.of(texts)));
        return new DnsMessage(0, DnsMessage.RESPONSE, List.of(), List.of(record), List.of());
    }

    @Test void peersFindEachOther() throws Exception {
        List<Multiaddr> near = addresses("/ip4/192.168.1.7/tcp/4001", "/ip6/fd00::7/tcp/4001");
        DnsMessage answer = sent(theirs.answer(sent(MdnsMessages.query()), near).orElseThrow());
        assertEquals(List.of(new KnownPeer(OTHER, near)), ours.peers(answer));
        assertEquals(List.of(), theirs.peers(answer), "one's own answer is no news");
        assertEquals(List.of(), ours.peers(new DnsMessage(0, 0, List.of(), answer.answers(), answer.additional())), "a query tells nothing");
    }

    @Test void answerHasWhatTheSpecAndDnsSdWant() throws Exception {
        DnsMessage answer = theirs.answer(MdnsMessages.query(), addresses("/ip4/192.168.1.7/tcp/4001", "/ip6/fd00::7/tcp/4001")).orElseThrow();
        assertEquals(DnsMessage.RESPONSE | DnsMessage.AUTHORITATIVE, answer.flags());
        assertEquals(List.of(), answer.questions());
        assertEquals("[12]", answer.answers().stream().map(DnsMessage.Resource::type).toList().toString());
        assertEquals("[33, 16, 1, 28]", answer.additional().stream().map(DnsMessage.Resource::type).toList().toString());
        String instance = NAME + "x._p2p._udp.local";
        assertEquals(instance, answer.additional().get(1).name());
        assertTrue(answer.additional().get(1).texts().getFirst().equals("dnsaddr=/ip4/192.168.1.7/tcp/4001/p2p/" + OTHER));
    }

    @Test void onlyQuestionsForTheServiceAreAnswered() throws Exception {
        List<Multiaddr> near = addresses("/ip4/192.168.1.7/tcp/4001");
        assertTrue(ours.answer(question("_P2P._udp.local", DnsMessage.TYPE_ANY), near).isPresent());
        assertTrue(ours.answer(question(MdnsMessages.SERVICES, DnsMessage.TYPE_PTR), near).isPresent());
        assertFalse(ours.answer(question(MdnsMessages.SERVICE, DnsMessage.TYPE_A), near).isPresent());
        assertFalse(ours.answer(question("_ipp._tcp.local", DnsMessage.TYPE_PTR), near).isPresent());
        assertFalse(ours.answer(theirs.answer(MdnsMessages.query(), near).orElseThrow(), near).isPresent());
    }

    @Test void onlyWhatNeighboursCanUseIsTold() throws Exception {
        DnsMessage answer = ours.answer(MdnsMessages.query(), addresses("/ip4/127.0.0.1/tcp/1", "/dns4/example.org/tcp/1",
                "/ip4/10.0.0.1/udp/1/quic-v1", "/ip4/10.0.0.1/tcp/1", "/ip6zone/eth0/ip6/fe80::1/tcp/1")).orElseThrow();
        assertEquals(List.of("dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + SELF), answer.additional().get(1).texts());
        assertFalse(ours.answer(MdnsMessages.query(), addresses("/ip4/127.0.0.1/tcp/1", "/ip6/::1/tcp/1")).isPresent());
        assertFalse(ours.answer(MdnsMessages.query(), List.of()).isPresent());
    }

    @Test void answerFitsOneFrame() throws Exception {
        List<Multiaddr> many = new ArrayList<>();
        for (int i = 1; i < 250; i++) {
            many.add(Multiaddr.parse("/ip6/fd00:1111:2222:3333:4444:5555:6666:" + i + "/tcp/40001"));
        }
        assertTrue(ours.answer(MdnsMessages.query(), many).orElseThrow().encode().length < 1440);
    }

    @Test void answersOfJsAreRead() throws Exception {
        DnsMessage.Resource one = new DnsMessage.Resource("x._p2p._udp.local", DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN | DnsMessage.TOP_BIT, 120,
                DnsMessage.textBytes(List.of("dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + OTHER)));
        DnsMessage.Resource two = new DnsMessage.Resource("x._p2p._udp.local", DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN, 120,
                DnsMessage.textBytes(List.of("dnsaddr=/ip4/10.0.0.2/tcp/1/p2p/" + OTHER)));
        DnsMessage answer = new DnsMessage(0, DnsMessage.RESPONSE, List.of(), List.of(one, two), List.of());
        assertEquals(List.of(new KnownPeer(OTHER, addresses("/ip4/10.0.0.1/tcp/1", "/ip4/10.0.0.2/tcp/1"))), ours.peers(answer));
    }

    @Test void whatANeighbourMustNotMakeUsDoIsLeftOut() {
        String peer = "/p2p/" + OTHER;
        DnsMessage answer = texts("x._p2p._udp.local", "dnsaddr=/ip4/127.0.0.1/tcp/22" + peer, "dnsaddr=/dns4/example.org/tcp/1" + peer,
                "dnsaddr=/dnsaddr/example.org" + peer, "dnsaddr=/ip6zone/lo/ip6/fe80::1/tcp/1" + peer, "dnsaddr=/ip4/224.0.0.1/tcp/1" + peer,
                "dnsaddr=/ip4/0.0.0.0/tcp/1" + peer, "dnsaddr=/ip4/10.0.0.1/tcp/1", "dnsaddr=" + peer, "dnsaddr=nonsense", "x",
                "dnsaddr=/ip4/10.0.0.1/tcp/1" + peer + "/p2p-circuit" + peer);
        assertEquals(List.of(), ours.peers(answer));
        assertEquals(List.of(), ours.peers(texts("x._ipp._tcp.local", "dnsaddr=/ip4/10.0.0.1/tcp/1" + peer)));
    }

    @Test void goodbyeTellsWhoHasGoneAndNobodyWhoIsThere() throws Exception {
        List<Multiaddr> near = addresses("/ip4/192.168.1.7/tcp/4001");
        DnsMessage goodbye = sent(theirs.goodbye(near).orElseThrow());
        assertEquals(List.of(0L, 0L, 0L, 0L), Stream.concat(goodbye.answers().stream(), goodbye.additional().stream())
                .map(DnsMessage.Resource::seconds).toList());
        assertEquals(List.of(new KnownPeer(OTHER, near)), ours.gone(goodbye));
        assertEquals(List.of(), ours.peers(goodbye));
        assertEquals(List.of(), ours.gone(theirs.answer(MdnsMessages.query(), near).orElseThrow()));
        assertFalse(theirs.goodbye(addresses("/ip4/127.0.0.1/tcp/1")).isPresent());
    }

    @Test void numbersAreBounded() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add("dnsaddr=/ip4/10.0.0.1/tcp/" + (i + 1) + "/p2p/" + OTHER);
            texts.add("dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + PrivateKey.generate().peerId());
        }
        List<KnownPeer> peers = ours.peers(texts("x._p2p._udp.local", texts.toArray(String[]::new)));
        assertEquals(MdnsMessages.MAXIMUM_PEERS, peers.size());
        assertEquals(MdnsMessages.MAXIMUM_ADDRESSES, peers.getFirst().addresses().size());
    }

    @Timeout(600)
    @FuzzTest(maxDuration = "60s")
    void anyMessageIsTakenOrRefused(byte[] bytes) {
        try {
            DnsMessage message = DnsMessage.parse(bytes);
            assertTrue(ours.peers(message).size() + ours.gone(message).size() <= 2 * MdnsMessages.MAXIMUM_PEERS);
            ours.answer(message, addresses("/ip4/10.0.0.1/tcp/1")).ifPresent(DnsMessage::encode);
        } catch (MalformedException refused) {
            // as it must be
        }
    }
}
