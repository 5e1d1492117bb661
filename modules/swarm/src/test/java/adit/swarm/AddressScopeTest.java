package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import adit.multiformats.Multiaddr;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AddressScopeTest {
    private static final String[] ALL = {"/ip4/127.0.0.1/tcp/1", "/ip4/10.1.2.3/tcp/1", "/ip4/192.0.2.1/tcp/1", "/dns4/example.org/tcp/1"};

    private static void assertScope(AddressScope expected, String... ips) {
        for (String ip : ips) {
            assertEquals(Optional.of(expected), AddressScope.of(Peers.address(ip + "/tcp/1")), ip);
        }
    }

    @Test void scopesAreTold() {
        assertScope(AddressScope.LOOPBACK, "/ip4/127.0.0.1", "/ip4/127.9.9.9", "/ip6/::1");
        assertScope(AddressScope.PRIVATE, "/ip4/10.0.0.1", "/ip4/172.16.0.1", "/ip4/192.168.1.1", "/ip4/169.254.1.1", "/ip4/100.64.0.1",
                "/ip4/100.127.255.255", "/ip6/fe80::1", "/ip6/fc00::1", "/ip6/fd12::1");
        assertScope(AddressScope.PUBLIC, "/ip4/100.63.0.1", "/ip4/100.128.0.1", "/ip4/172.32.0.1", "/ip4/8.8.8.8", "/ip6/2001:db8::1");
    }

    @Test void whatAPeerTellsIsPlausibleFromWhereItIsSeen() {
        assertEquals(Peers.addresses(ALL), plausibleFrom("/ip4/127.0.0.1/tcp/9"));
        assertEquals(Peers.addresses(ALL[1], ALL[2], ALL[3]), plausibleFrom("/ip4/10.9.9.9/tcp/9"));
        assertEquals(Peers.addresses(ALL[2], ALL[3]), plausibleFrom("/ip4/198.51.100.1/tcp/9"));
    }

    private static List<Multiaddr> plausibleFrom(String remote) {
        return AddressScope.plausible(Peers.addresses(ALL), Peers.address(remote));
    }
}
