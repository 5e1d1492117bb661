package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RealmTest {
    @Test
    void publicTableKnowsPublicAddressesOnly() throws Exception {
        for (String address : List.of("/ip4/1.2.3.4/tcp/1", "/ip4/8.8.8.8/udp/1/quic-v1", "/ip6/2a00:1::1/tcp/1", "/dns4/example.com/tcp/1",
                "/ip4/192.0.1.1/tcp/1")) {
            assertTrue(Realm.PUBLIC.accepts(Multiaddr.parse(address)), address);
        }
        for (String address : List.of("/ip4/10.1.2.3/tcp/1", "/ip4/127.0.0.1/tcp/1", "/ip4/192.168.1.1/tcp/1", "/ip4/172.31.0.1/tcp/1",
                "/ip4/100.64.1.1/tcp/1", "/ip4/169.254.1.1/tcp/1", "/ip4/203.0.113.1/tcp/1", "/ip4/224.0.0.1/tcp/1", "/ip4/255.1.1.1/tcp/1",
                "/ip4/0.0.0.0/tcp/1", "/ip6/::1/tcp/1", "/ip6/fd00::1/tcp/1", "/ip6/fe80::1/tcp/1", "/ip6/2001:db8::1/tcp/1",
                "/dns4/box.local/tcp/1", "/dns4/localhost/tcp/1", "/unix/tmp/x")) {
            assertFalse(Realm.PUBLIC.accepts(Multiaddr.parse(address)), address);
        }
    }

    @Test
    void localTableKnowsAllButLoopbackUnlessToldSo() throws Exception {
        assertTrue(Realm.LOCAL.accepts(Multiaddr.parse("/ip4/10.1.2.3/tcp/1")));
        assertFalse(Realm.LOCAL.accepts(Multiaddr.parse("/ip4/127.0.0.1/tcp/1")));
        assertTrue(Realm.LOCAL_WITH_LOOPBACK.accepts(Multiaddr.parse("/ip4/127.0.0.1/tcp/1")));
    }

    @Test
    void peersAreOfOneTableByTheAddressTheyAreConnectedBy() throws Exception {
        Multiaddr near = Multiaddr.parse("/ip4/192.168.1.7/tcp/1");
        Multiaddr far = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
        Multiaddr relayed = Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p-circuit");
        assertTrue(Realm.LOCAL.admits(near) && !Realm.PUBLIC.admits(near));
        assertTrue(Realm.PUBLIC.admits(far) && !Realm.LOCAL.admits(far));
        assertFalse(Realm.PUBLIC.admits(relayed) || Realm.LOCAL.admits(relayed));
    }

    @Test
    void protocolsAreThoseOfKubo() {
        assertEquals("/ipfs/kad/1.0.0", Realm.PUBLIC.protocol("/ipfs"));
        assertEquals("/ipfs/lan/kad/1.0.0", Realm.LOCAL.protocol("/ipfs"));
    }
}
