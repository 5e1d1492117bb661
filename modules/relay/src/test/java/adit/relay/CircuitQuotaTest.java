package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loopback cannot show: circuits from many addresses. */
@Timeout(30)
class CircuitQuotaTest {
    private final RelayServiceSettings settings = RelayServiceSettings.defaults();
    private final CircuitQuota quota = new CircuitQuota(settings);
    private final PeerId target = peer();

    private static PeerId peer() {
        return PrivateKey.generate().peerId();
    }

    private static IpPrefix from(String address) {
        return IpPrefix.address(InetAddress.ofLiteral(address));
    }

    @Test void nobodyAloneKeepsOthersFromAPeer() {
        IpPrefix flooder = from("192.0.2.1");
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            taken += quota.enter(new CircuitQuota.Way(peer(), flooder, target)) ? 1 : 0;
        }
        assertEquals(8, taken);
        assertTrue(quota.enter(new CircuitQuota.Way(peer(), from("192.0.2.2"), target)));
        assertTrue(quota.enter(new CircuitQuota.Way(peer(), flooder, peer())), "another peer is reached from there");
        assertEquals(10, quota.count());
    }

    @Test void sourcesWhoseAddressDoesNotCountAreLimitedByPeer() {
        PeerId source = peer();
        for (int i = 0; i < 16; i++) {
            assertTrue(quota.enter(new CircuitQuota.Way(source, null, target)));
        }
        assertFalse(quota.enter(new CircuitQuota.Way(source, null, peer())));
        assertFalse(quota.enter(new CircuitQuota.Way(peer(), null, target)));
        assertFalse(quota.enter(new CircuitQuota.Way(target, null, peer())), "circuits in both directions count for a peer");
    }

    @Test void whateverComesAndGoesTheCountsAreRight() {
        Random random = new Random(4);
        List<PeerId> peers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            peers.add(peer());
        }
        List<CircuitQuota.Way> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(5) < 2 && !open.isEmpty()) {
                quota.leave(open.remove(random.nextInt(open.size())));
                continue;
            }
            IpPrefix address = random.nextInt(4) == 0 ? null : from("192.0.2." + random.nextInt(5));
            var way = new CircuitQuota.Way(peers.get(random.nextInt(40)), address, peers.get(random.nextInt(40)));
            if (quota.enter(way)) {
                open.add(way);
            }
            assertEquals(open.size(), quota.count());
            // one circuit to oneself counts twice
            assertTrue(of(open, way.source()) <= 17 && of(open, way.target()) <= 17);
            assertTrue(open.size() <= settings.maximumCircuits());
        }
        open.forEach(quota::leave);
        assertEquals(0, quota.count());
        assertTrue(quota.isEmpty(), "nothing is left of those who have gone");
    }

    private static long of(List<CircuitQuota.Way> open, PeerId peer) {
        return open.stream().filter(way -> way.source().equals(peer)).count() + open.stream().filter(way -> way.target().equals(peer)).count();
    }

    @Test void prefixesAreThoseOfOneCustomerAndOneNeighbourhood() {
        assertEquals(from("2001:db8:1:2::3"), from("2001:db8:1:2:ffff::9"));
        assertNotEquals(from("2001:db8:1:2::3"), from("2001:db8:1:3::3"));
        assertNotEquals(from("192.0.2.1"), from("192.0.2.2"));
        assertEquals(IpPrefix.network(InetAddress.ofLiteral("192.0.2.1")), IpPrefix.network(InetAddress.ofLiteral("192.0.2.255")));
        assertNotEquals(IpPrefix.network(InetAddress.ofLiteral("192.0.2.1")), IpPrefix.network(InetAddress.ofLiteral("192.0.3.1")));
        assertEquals(IpPrefix.network(InetAddress.ofLiteral("2001:db8:1:2::3")), IpPrefix.network(InetAddress.ofLiteral("2001:db8:1:9::3")));
        assertNotEquals(IpPrefix.network(InetAddress.ofLiteral("2001:db8:1::")), IpPrefix.network(InetAddress.ofLiteral("2001:db8:2::")));
    }
}
