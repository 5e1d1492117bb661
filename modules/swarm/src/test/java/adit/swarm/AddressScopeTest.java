package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test void publicIsWhatEverybodyCanReach() {
        for (String address : List.of("/ip4/8.8.8.8/tcp/1", "/ip6/2606:4700::1/udp/1/quic-v1", "/dns4/example.org/tcp/1", "/dnsaddr/example.org",
                "/ip4/100.128.0.1/tcp/1", "/ip6/64:ff9b::808:808/tcp/1", "/ip4/192.0.0.64/tcp/1", "/dns/localhost.example.org/tcp/1")) {
            assertTrue(AddressScope.isPublic(Peers.address(address)), address);
        }
        for (String address : List.of("/ip4/127.0.0.1/tcp/1", "/ip4/10.1.2.3/tcp/1", "/ip4/100.64.0.1/udp/1/quic-v1", "/ip4/169.254.1.1/tcp/1",
                "/ip4/192.0.2.1/tcp/1", "/ip4/224.0.0.1/tcp/1", "/ip4/0.0.0.0/tcp/1", "/ip4/255.255.255.255/tcp/1", "/ip4/198.19.0.1/tcp/1",
                "/ip6/::1/tcp/1", "/ip6/fe80::1/tcp/1", "/ip6zone/lo/ip6/fe80::1/tcp/1", "/ip6/fd00::1/tcp/1", "/ip6/2001:db8::1/tcp/1",
                "/ip6/ff02::1/tcp/1", "/ip6/64:ff9b::a00:1/tcp/1", "/ip6/::ffff:10.0.0.1/tcp/1", "/ip6/4000::1/tcp/1", "/dns4/localhost/tcp/1",
                "/dns/printer.local/tcp/1", "/dnsaddr/A.TEST", "/unix/tmp/socket")) {
            assertFalse(AddressScope.isPublic(Peers.address(address)), address);
        }
    }

    @Test void scopeIsThatOfTheFrontWhateverFollows() {
        assertEquals(Optional.of(AddressScope.PRIVATE), AddressScope.of(Peers.address("/ip4/10.0.0.1/udp/1/quic-v1")));
        assertEquals(Optional.empty(), AddressScope.of(Peers.address("/dns4/example.org/tcp/1")));
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
