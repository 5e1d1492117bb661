package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DialOrderTest {
    private static final Duration STAGGER = Duration.ofMillis(240);

    private static List<String> order(String... addresses) {
        return DialOrder.of(Peers.addresses(addresses), STAGGER).stream()
                .map(turn -> turn.delay().toMillis() + " " + turn.address()).toList();
    }

    @Test void versionSixGoesFirstThenVersionFourThenTheRest() {
        assertEquals(List.of("0 /ip6/2001:db8::1/tcp/1", "240 /ip4/192.0.2.1/tcp/1", "480 /ip6/2001:db8::1/tcp/2",
                "480 /ip4/192.0.2.1/tcp/2"),
                order("/ip4/192.0.2.1/tcp/2", "/ip4/192.0.2.1/tcp/1", "/ip6/2001:db8::1/tcp/2", "/ip6/2001:db8::1/tcp/1"));
    }

    @Test void privateAddressesRunBesideThePublicOnesAndFaster() {
        assertEquals(List.of("0 /ip4/10.0.0.1/tcp/1", "0 /ip4/192.0.2.1/tcp/1", "30 /ip4/10.0.0.1/tcp/2", "60 /ip4/192.168.0.1/tcp/3",
                "240 /ip4/192.0.2.1/tcp/2"),
                order("/ip4/192.0.2.1/tcp/1", "/ip4/192.0.2.1/tcp/2", "/ip4/192.168.0.1/tcp/3", "/ip4/10.0.0.1/tcp/2",
                        "/ip4/10.0.0.1/tcp/1"));
    }

    @Test void loopbackGoesBeforeOtherPrivateAddresses() {
        assertEquals(List.of("0 /ip4/127.0.0.1/tcp/9", "30 /ip6/fd00::1/tcp/1", "60 /ip4/10.0.0.1/tcp/1"),
                order("/ip4/10.0.0.1/tcp/1", "/ip6/fd00::1/tcp/1", "/ip4/127.0.0.1/tcp/9"));
    }

    @Test void whatCannotBeDialledIsLeftOut() {
        assertEquals(List.of(), order("/dns4/example.org/tcp/1", "/ip4/192.0.2.1/udp/1/quic-v1"));
    }
}
