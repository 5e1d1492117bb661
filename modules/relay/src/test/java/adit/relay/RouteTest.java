package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteTest {
    private static final String HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

    @TempDir
    Path directory;

    private Optional<InetAddress> gateway(String rows) throws IOException {
        return Route.defaultGateway(Files.writeString(directory.resolve("route"), HEAD + rows));
    }

    @Test void gatewayOfTheDefaultRouteIsFound() throws IOException {
        assertEquals(Optional.of(InetAddress.ofLiteral("192.168.1.1")), gateway("""
                eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
                eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
                """));
    }

    @Test void leastMetricCounts() throws IOException {
        String wireless = "wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n";
        String cable = "eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";
        assertEquals(Optional.of(InetAddress.ofLiteral("192.168.1.254")), gateway(wireless + cable));
        assertEquals(Optional.of(InetAddress.ofLiteral("192.168.1.254")), gateway(cable + wireless));
    }

    @Test void routeWithoutGatewayHasNone() throws IOException {
        String tunnel = "tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0\n";
        String cable = "eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";
        assertEquals(Optional.empty(), gateway(tunnel + cable));
        assertEquals(Optional.empty(), gateway(""));
        assertEquals(Optional.empty(), gateway("eth0\t00000000\n\nx y z a b c d e\neth0\t00000000\tzz\t3\t0\t0\t1\t00000000\n"
                + "eth0\t00000000\t01\t3\t0\t0\t1\t00000000\n"));
        assertEquals(Optional.empty(), Route.of(directory.resolve("none")));
    }

    @Test void localAddressIsThatTowardTheGateway() throws IOException {
        Path table = Files.writeString(directory.resolve("route"), HEAD + "lo\t00000000\t0100007F\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
        assertEquals(Optional.of(Impatient.ROUTE), Route.of(table));
    }
}
