package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.Direction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ObservedAddressesTest {
    /** Connections end at /ip4/127.0.0.1/tcp/4001 here. */
    private static final List<Multiaddr> LISTENING = Peers.addresses("/ip4/0.0.0.0/tcp/4001");
    private static final Multiaddr OUTSIDE = Peers.address("/ip4/8.8.8.8/tcp/40001");
    private static final Multiaddr ELSEWHERE = Peers.address("/ip4/9.9.9.9/tcp/40001");

    private final ObservedAddresses observed = new ObservedAddresses();

    private static StubConnection from(String ip) {
        return from(PrivateKey.generate(), ip);
    }

    private static StubConnection from(PrivateKey peer, String ip) {
        return StubConnection.from(peer, Direction.INBOUND, ip + "/tcp/5");
    }

    private List<StubConnection> agree(Multiaddr address, String... ips) {
        List<StubConnection> connections = new ArrayList<>();
        for (String ip : ips) {
            connections.add(from(ip));
            observed.observe(connections.getLast(), address, LISTENING);
        }
        return connections;
    }

    @Test void fourPeersOfFourNetworksAreBelieved() {
        agree(OUTSIDE, "/ip4/1.0.0.1", "/ip4/2.0.0.1", "/ip4/3.0.0.1");
        assertEquals(List.of(), observed.believed());
        assertTrue(observed.observe(from("/ip4/4.0.0.1"), OUTSIDE, LISTENING));
        assertEquals(List.of(OUTSIDE), observed.believed());
        assertFalse(observed.observe(from("/ip4/5.0.0.1"), OUTSIDE, LISTENING), "no news");
    }

    @Test void theKindOfNatIsToldByWhatPeersOutsideSee() {
        List<Multiaddr> own = Peers.addresses("/ip4/10.0.0.7/tcp/4001");
        assertEquals(NatMapping.UNKNOWN, observed.mapping(own));
        agree(own.getFirst(), "/ip4/10.0.0.8");
        assertEquals(NatMapping.NONE, observed.mapping(own));
        agree(OUTSIDE, "/ip4/1.0.0.1");
        assertEquals(NatMapping.UNKNOWN, observed.mapping(own));
        agree(OUTSIDE, "/ip4/2.0.0.1");
        assertEquals(NatMapping.ENDPOINT_INDEPENDENT, observed.mapping(own));
        agree(Peers.address("/ip4/8.8.8.8/tcp/40002"), "/ip4/3.0.0.1");
        assertEquals(NatMapping.ENDPOINT_DEPENDENT, observed.mapping(own));
    }

    @Test void whatIsToldIsKnownBeforeItIsBelievedAFewForAPort() {
        agree(ELSEWHERE, "/ip4/1.0.0.1");
        agree(OUTSIDE, "/ip4/2.0.0.1", "/ip4/3.0.0.1");
        assertEquals(List.of(OUTSIDE, ELSEWHERE), observed.told(LISTENING));
        assertEquals(List.of(), observed.believed());
        for (int i = 1; i < 100; i++) {
            observed.observe(from("/ip4/9.0.0." + i), Peers.address("/ip4/9.9.9.9/tcp/" + i), LISTENING);
        }
        assertEquals(ObservedAddresses.MAXIMUM_PER_PORT, observed.told(LISTENING).size());
        assertEquals(OUTSIDE, observed.told(LISTENING).getFirst());
    }

    @Test void whereNoListeningPortIsSeenItIsGuessedBehindTheAddressThatIs() {
        List<Multiaddr> other = Peers.addresses("/ip4/0.0.0.0/tcp/4002", "/ip6/::/tcp/4003");
        StubConnection dialled = from("/ip4/1.0.0.1");
        observed.observe(dialled, OUTSIDE, other);
        observed.observe(from("/ip4/2.0.0.1"), Peers.address("/ip4/8.8.8.8/tcp/40777"), other);
        assertEquals(Peers.addresses("/ip4/8.8.8.8/tcp/4002"), observed.told(other));
        assertEquals(List.of(), observed.believed());
        assertEquals(NatMapping.UNKNOWN, observed.mapping(List.of()));
        observed.observe(dialled, OUTSIDE, LISTENING);
        assertEquals(List.of(OUTSIDE), observed.told(other), "what is seen goes before");
        observed.forget(dialled);
        observed.observe(dialled, null, other);
        for (int i = 1; i < 100; i++) {
            observed.observe(from("/ip4/9.0.0." + i), Peers.address("/ip4/9.9.9." + i + "/tcp/1"), other);
        }
        assertEquals(ObservedAddresses.MAXIMUM_PER_PORT, observed.told(other).size());
    }

    @Test void neighboursCountAsOne() {
        agree(OUTSIDE, "/ip4/1.0.0.1", "/ip4/1.0.0.2", "/ip4/1.0.0.3", "/ip4/1.0.0.4", "/ip4/2.0.0.1", "/ip4/3.0.0.1");
        agree(OUTSIDE, "/ip6/2001:db8:1:1::1", "/ip6/2001:db8:1:2::1");
        assertEquals(List.of(OUTSIDE), observed.believed(), "three of IPv4 and one of IPv6");
        ObservedAddresses fresh = new ObservedAddresses();
        PrivateKey one = PrivateKey.generate();
        for (int i = 1; i < 10; i++) {
            fresh.observe(from(one, "/ip4/" + i + ".0.0.1"), OUTSIDE, LISTENING);
        }
        assertEquals(List.of(), fresh.believed(), "one peer in many places is one witness");
    }

    @Test void addressIsForgottenWhenWitnessesGo() {
        List<StubConnection> witnesses = agree(OUTSIDE, "/ip4/1.0.0.1", "/ip4/2.0.0.1", "/ip4/3.0.0.1", "/ip4/4.0.0.1");
        assertFalse(observed.forget(witnesses.get(0)));
        assertFalse(observed.forget(witnesses.get(1)));
        assertEquals(List.of(OUTSIDE), observed.believed(), "not at once");
        assertTrue(observed.forget(witnesses.get(2)));
        assertEquals(List.of(), observed.believed());
        assertFalse(observed.forget(witnesses.get(2)), "twice is once");
    }

    @Test void witnessWhoChangesItsMindCountsForTheLatter() {
        List<StubConnection> witnesses = agree(OUTSIDE, "/ip4/1.0.0.1", "/ip4/2.0.0.1", "/ip4/3.0.0.1", "/ip4/4.0.0.1");
        witnesses.forEach(witness -> observed.observe(witness, ELSEWHERE, LISTENING));
        assertEquals(List.of(ELSEWHERE), observed.believed());
        witnesses.forEach(witness -> observed.observe(witness, null, LISTENING));
        assertEquals(List.of(), observed.believed());
    }

    @Test void onlyListeningPortsCount() {
        for (String ip : List.of("/ip4/1.0.0.1", "/ip4/2.0.0.1", "/ip4/3.0.0.1", "/ip4/4.0.0.1")) {
            observed.observe(from(ip), OUTSIDE, Peers.addresses("/ip4/0.0.0.0/tcp/4002", "/ip4/10.0.0.1/tcp/4001"));
        }
        assertEquals(List.of(), observed.believed());
    }

    @Test void nonsenseIsNotBelieved() {
        for (String nonsense : List.of("/ip4/127.0.0.1/tcp/1", "/ip4/0.0.0.0/tcp/1", "/ip6/2606::1/tcp/1", "/ip4/8.8.8.8/tcp/0",
                "/ip4/224.0.0.1/tcp/1", "/ip4/8.8.8.8/udp/1/quic-v1", "/dns4/example.org/tcp/1", "/ip4/169.254.1.1/tcp/1",
                "/ip4/8.8.8.8/tcp/1/p2p/12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV")) {
            agree(Peers.address(nonsense), "/ip4/1.0.0.1", "/ip4/2.0.0.1", "/ip4/3.0.0.1", "/ip4/4.0.0.1");
            assertEquals(List.of(), observed.believed(), nonsense);
        }
    }

    @Test void noMoreThanAFewAreBelievedForOnePort() {
        for (int port = 1; port <= 10; port++) {
            agree(Peers.address("/ip4/8.8.8.8/tcp/" + port), "/ip4/1.0.0.1", "/ip4/2.0.0.1", "/ip4/3.0.0.1", "/ip4/4.0.0.1");
        }
        assertEquals(ObservedAddresses.MAXIMUM_PER_PORT, observed.believed().size());
    }
}
