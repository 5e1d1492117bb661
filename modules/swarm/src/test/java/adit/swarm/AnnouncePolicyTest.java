package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import adit.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AnnouncePolicyTest {
    private static final List<Multiaddr> PRESENT = Peers.addresses("/ip4/10.1.2.3/tcp/1", "/ip4/8.8.8.8/tcp/1", "/ip6/fd00::1/tcp/1");

    private static List<Multiaddr> told(List<Multiaddr> instead, List<Multiaddr> also, String... never) {
        return new AnnouncePolicy(instead, also, Peers.addresses(never)).applied(PRESENT);
    }

    @Test void withoutAPolicyAllIsTold() {
        assertEquals(PRESENT, AnnouncePolicy.NONE.applied(PRESENT));
    }

    @Test void addressesAreReplacedOrAdded() {
        List<Multiaddr> own = Peers.addresses("/dns4/example.org/tcp/4001");
        assertEquals(own, told(own, List.of()));
        assertEquals(Peers.addresses("/ip4/10.1.2.3/tcp/1", "/ip4/8.8.8.8/tcp/1", "/ip6/fd00::1/tcp/1", "/dns4/example.org/tcp/4001"),
                told(List.of(), own));
        assertEquals(own, told(own, own), "none twice");
    }

    @Test void networksAndAddressesAreWithheld() {
        assertEquals(Peers.addresses("/ip4/8.8.8.8/tcp/1", "/ip6/fd00::1/tcp/1"), told(List.of(), List.of(), "/ip4/10.0.0.0/ipcidr/8"));
        assertEquals(Peers.addresses("/ip4/10.1.2.3/tcp/1", "/ip4/8.8.8.8/tcp/1"), told(List.of(), List.of(), "/ip6/fc00::/ipcidr/7"));
        assertEquals(PRESENT, told(List.of(), List.of(), "/ip4/10.1.2.4/ipcidr/30", "/ip4/10.1.2.3/tcp/2", "/ip6/::/ipcidr/200"));
        assertEquals(PRESENT.subList(1, 3), told(List.of(), List.of(), "/ip4/10.1.2.3/tcp/1"));
        assertEquals(PRESENT.subList(2, 3), told(List.of(), List.of(), "/ip4/0.0.0.0/ipcidr/0"));
    }

    @Test void whatIsWithheldIsNotToldByTheUserEither() {
        assertEquals(List.of(), told(Peers.addresses("/ip4/10.1.2.3/tcp/4001"), Peers.addresses("/ip4/10.9.9.9/udp/1/quic-v1"),
                "/ip4/10.0.0.0/ipcidr/8"));
    }
}
