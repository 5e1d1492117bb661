package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DnsAddressResolverTest {
    private final PeerId peer = PrivateKey.generate().peerId();
    private final PeerId other = PrivateKey.generate().peerId();
    private ScriptedDnsServer server;
    private DnsAddressResolver resolver;

    @BeforeEach void open() throws IOException {
        server = new ScriptedDnsServer();
        resolver = DnsAddressResolver.of(server.address());
    }

    @AfterEach void close() throws IOException {
        server.close();
    }

    private List<String> resolve(String name) throws IOException {
        return resolver.resolve(Multiaddr.parse("/dnsaddr/" + name), peer).stream().map(Multiaddr::toString).toList();
    }

    private String record(String address, PeerId of) {
        return "dnsaddr=" + address + "/p2p/" + of;
    }

    @Test void addressesOfThatPeerAreReturned() throws IOException {
        server.knows("_dnsaddr.boot.example", record("/ip4/192.0.2.1/tcp/1", peer), record("/ip4/192.0.2.2/tcp/2", other),
                record("/dns4/node.example/tcp/443", peer), "dnsaddr=/ip4/192.0.2.3/tcp/3", "dnsaddr=nonsense", "v=spf1", "");
        assertEquals(List.of("/ip4/192.0.2.1/tcp/1", "/dns4/node.example/tcp/443"), resolve("boot.example"));
    }

    @Test void namesThatLeadToNamesAreFollowed() throws IOException {
        server.knows("_dnsaddr.boot.example", record("/dnsaddr/one.example", peer), record("/dnsaddr/other.example", other),
                record("/dnsaddr/two.example", peer));
        server.knows("_dnsaddr.one.example", record("/ip4/192.0.2.1/tcp/1", peer));
        assertEquals(List.of("/ip4/192.0.2.1/tcp/1"), resolve("boot.example"), "one that does not exist is no harm");
        assertEquals(List.of("_dnsaddr.boot.example", "_dnsaddr.one.example", "_dnsaddr.two.example"), server.asked());
    }

    @Test void namesInACircleEnd() throws IOException {
        server.knows("_dnsaddr.a.example", record("/dnsaddr/b.example", peer));
        server.knows("_dnsaddr.b.example", record("/dnsaddr/a.example", peer));
        assertThrows(UnknownHostException.class, () -> resolve("a.example"));
        assertEquals(2, server.asked().size());
    }

    @Test void depthAndNumberOfNamesAreBounded() throws IOException {
        for (int i = 0; i < 20; i++) {
            server.knows("_dnsaddr.n" + i + ".example", record("/dnsaddr/n" + (i + 1) + ".example", peer));
        }
        assertThrows(UnknownHostException.class, () -> resolve("n0.example"));
        assertEquals(DnsAddressResolver.MAXIMUM_DEPTH, server.asked().size());
        String[] many = new String[10];
        for (int i = 0; i < many.length; i++) {
            many[i] = record("/dnsaddr/m" + i + ".example", peer);
        }
        server.knows("_dnsaddr.many.example", many);
        assertThrows(UnknownHostException.class, () -> resolve("many.example"));
        assertEquals(DnsAddressResolver.MAXIMUM_DEPTH + DnsAddressResolver.MAXIMUM_QUERIES, server.asked().size());
    }

    @Test void numberOfAddressesIsBounded() throws IOException {
        String[] many = new String[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = record("/ip4/192.0.2.1/tcp/" + (i + 1), peer);
        }
        server.knows("_dnsaddr.many.example", many);
        server.answersByUdp(query -> List.of(new DnsMessage(query.id(), DnsMessage.RESPONSE | DnsMessage.TRUNCATED, query.questions(),
                List.of(), List.of()).encode()));
        assertEquals(DnsAddressResolver.MAXIMUM_ADDRESSES, resolve("many.example").size());
    }

    @Test void peersOfANameAreReturned() throws IOException {
        server.knows("_dnsaddr.home.example", record("/ip4/192.0.2.1/tcp/1", peer), record("/dnsaddr/other.example", other),
                record("/ip4/192.0.2.2/tcp/1", peer), "dnsaddr=/ip4/192.0.2.3/tcp/3", "nonsense");
        assertEquals(Set.of(peer, other), resolver.peers("home.example"));
        server.knows("_dnsaddr.empty.example", "dnsaddr=/ip4/192.0.2.3/tcp/3");
        assertThrows(UnknownHostException.class, () -> resolver.peers("empty.example"));
    }

    @Test void numberOfPeersIsBounded() throws IOException {
        String[] many = new String[50];
        for (int i = 0; i < many.length; i++) {
            many[i] = record("/ip4/192.0.2.1/tcp/1", PrivateKey.generate().peerId());
        }
        server.knows("_dnsaddr.many.example", many);
        server.answersByUdp(query -> List.of(new DnsMessage(query.id(), DnsMessage.RESPONSE | DnsMessage.TRUNCATED, query.questions(),
                List.of(), List.of()).encode()));
        assertEquals(DnsAddressResolver.MAXIMUM_ADDRESSES, resolver.peers("many.example").size());
    }

    @Test void reasonIsTold() {
        assertTrue(assertThrows(IOException.class, () -> resolve("none.example")).getMessage().contains("there is no name _dnsaddr.none.example"));
        server.knows("_dnsaddr.empty.example", record("/ip4/192.0.2.2/tcp/2", other));
        assertTrue(assertThrows(IOException.class, () -> resolve("empty.example")).getMessage()
                .contains("no address of this peer under empty.example"));
    }
}
