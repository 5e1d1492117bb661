package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class DialBackRuleTest {
    private static DialBackRule rule(boolean hasLocalAddresses, String... own) throws MalformedException {
        List<Multiaddr> addresses = new ArrayList<>();
        for (String address : own) {
            addresses.add(Multiaddr.parse(address));
        }
        return new DialBackRule(() -> addresses, hasLocalAddresses);
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/8.8.8.8/tcp/4001,true,true", "/ip6/2600::1/tcp/4001,false,true", "/ip4/8.8.8.8/tcp/0,false,false", "/ip4/8.8.8.8/udp/4001,false,false",
        "/ip4/8.8.8.8/udp/4001/quic-v1,false,false", "/ip4/8.8.8.8/tcp/4001/ws,false,false", "/dns4/example.com/tcp/4001,false,false",
        "/ip4/10.0.0.1/tcp/4001,false,true", "/ip4/127.0.0.1/tcp/4001,false,true", "/ip4/169.254.1.1/tcp/4001,false,true",
        "/ip4/100.64.0.1/tcp/4001,false,true", "/ip4/0.0.0.0/tcp/4001,false,false", "/ip4/224.0.0.1/tcp/4001,false,false",
        "/ip4/240.0.0.1/tcp/4001,false,true", "/ip4/192.0.2.1/tcp/4001,false,true", "/ip6/fd00::1/tcp/4001,false,true", "/ip6/::1/tcp/4001,false,true",
        "/ip4/8.8.8.8/tcp/4001/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8/p2p-circuit,false,false",
        "/ip4/9.9.9.9/tcp/1,false,true"})
    void onlyPublicAddressesOfTcpAreDialled(String address, boolean isAllowed, boolean isAllowedInTests) throws Exception {
        // IPv4 only, as 9.9.9.9
        assertEquals(isAllowed, rule(false, "/ip4/127.0.0.1/tcp/4001", "/ip4/9.9.9.9/tcp/4001").allows(Multiaddr.parse(address)));
        assertEquals(isAllowedInTests, rule(true).allows(Multiaddr.parse(address)));
    }

    @Test void versionOfIpMustBeThere() throws Exception {
        Multiaddr six = Multiaddr.parse("/ip6/2600::1/tcp/4001");
        assertFalse(rule(false, "/ip4/9.9.9.9/tcp/4001", "/ip6/::1/tcp/4001").allows(six));
        assertTrue(rule(false, "/ip6/2a00::1/tcp/4001").allows(six));
        assertFalse(rule(false, "/ip6/2600::1/tcp/5").allows(six), "its own");
    }
}
