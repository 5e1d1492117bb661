package adit.relay;

import java.net.InetAddress;
import java.time.Duration;

/** What the tests of port mapping share. */
final class Impatient {
    /** Short waits, but none that a busy machine could miss an answer in. */
    static final PortMappingSettings SETTINGS = new PortMappingSettings(Duration.ofHours(1), Duration.ofMillis(50), Duration.ofMillis(10),
            Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofSeconds(2), 2, Duration.ofSeconds(8), Duration.ofSeconds(8), Duration.ofSeconds(8), 4);
    /** For what never gets an answer. */
    static final PortMappingSettings HASTY = new PortMappingSettings(Duration.ofHours(1), Duration.ofMillis(50), Duration.ofMillis(10),
            Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofMillis(30), 2, Duration.ofMillis(100), Duration.ofMillis(300), Duration.ofMillis(400), 4);
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final Route ROUTE = new Route(LOOPBACK, LOOPBACK);

    private Impatient() {}
}
