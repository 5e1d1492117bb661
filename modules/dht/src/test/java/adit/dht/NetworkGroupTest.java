package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class NetworkGroupTest {
    private static NetworkGroup group(String address) throws Exception {
        return NetworkGroup.of(Multiaddr.parse(address)).orElseThrow();
    }

    @Test
    void addressesOfVersion4AreNeighboursInTheirSlash16() throws Exception {
        assertEquals(group("/ip4/1.2.3.4/tcp/1"), group("/ip4/1.2.255.4/udp/2/quic-v1"));
        assertNotEquals(group("/ip4/1.2.3.4/tcp/1"), group("/ip4/1.3.3.4/tcp/1"));
        assertEquals(group("/ip4/12.2.3.4/tcp/1"), group("/ip4/12.200.3.4/tcp/1"));
    }

    @Test
    void addressesOfVersion6AreNeighboursInTheirSlash32() throws Exception {
        assertEquals(group("/ip6/2001:db8:1::1/tcp/1"), group("/ip6/2001:db8:2::1/tcp/1"));
        assertNotEquals(group("/ip6/2001:db8::1/tcp/1"), group("/ip6/2001:db9::1/tcp/1"));
    }

    @Test
    void relayedAddressIsInNoGroup() throws Exception {
        assertTrue(NetworkGroup.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p-circuit")).isEmpty());
    }
}
