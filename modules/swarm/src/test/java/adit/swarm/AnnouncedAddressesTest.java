package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import adit.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AnnouncedAddressesTest {
    @Test
    void wildcardsMeanTheAddressesOfTheMachineWithoutZones() throws Exception {
        Multiaddr four = Multiaddr.parse("/ip4/0.0.0.0/tcp/4001");
        Multiaddr six = Multiaddr.parse("/ip6/::/tcp/4001");
        List<Multiaddr> announced = new AnnouncedAddresses(() -> List.of(four, six), AnnouncePolicy.NONE).current();
        assertFalse(announced.isEmpty());
        for (Multiaddr address : announced) {
            assertFalse(address.has(Multiaddr.Protocol.IP6ZONE), address.toString());
            assertFalse(address.equals(four) || address.equals(six), address.toString());
        }
    }

    @Test
    void boundAddressIsToldAsItIs() throws Exception {
        Multiaddr bound = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
        assertEquals(List.of(bound), new AnnouncedAddresses(() -> List.of(bound), AnnouncePolicy.NONE).current());
    }

    @Test
    void whatOtherPartsKnowIsToldAsThePolicyAllows() throws Exception {
        Multiaddr bound = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
        Multiaddr mapped = Multiaddr.parse("/ip4/1.2.3.4/tcp/4001");
        AnnouncedAddresses free = new AnnouncedAddresses(() -> List.of(bound), AnnouncePolicy.NONE);
        free.also(() -> List.of(mapped));
        assertEquals(List.of(bound, mapped), free.current());
        AnnouncedAddresses forbidden = new AnnouncedAddresses(() -> List.of(bound), new AnnouncePolicy(List.of(), List.of(), List.of(mapped)));
        forbidden.also(() -> List.of(mapped));
        assertEquals(List.of(bound), forbidden.current());
    }
}
