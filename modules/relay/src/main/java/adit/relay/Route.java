package adit.relay;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The way out of this machine.
 *
 * @param gateway its next router
 * @param local this machine's address on that network
 */
record Route(InetAddress gateway, InetAddress local) {
    private static final Path KERNEL_TABLE = Path.of("/proc/net/route");
    /** A machine that holds the internet's table is no client of a home router. */
    private static final int MAXIMUM_LINES = 10_000;
    /** Columns of the table: Iface Destination Gateway Flags RefCnt Use Metric Mask … */
    private static final int COLUMNS = 8;
    /** RTF_UP and RTF_GATEWAY of linux/route.h. */
    private static final int THROUGH_GATEWAY = 3;

    private record Entry(int flags, InetAddress gateway, long metric) {}

    /** The IPv4 default route of this machine now; empty when there is none, or it leads through no gateway. */
    static Optional<Route> ofSystem() {
        return of(KERNEL_TABLE);
    }

    /** @param table in the form of Linux's /proc/net/route */
    static Optional<Route> of(Path table) {
        try {
            Optional<InetAddress> gateway = defaultGateway(table);
            return gateway.isEmpty() ? Optional.empty() : Optional.of(new Route(gateway.get(), localAddressToward(gateway.get())));
        } catch (IOException e) {
            // no such table on this system, or the network goes away at this very moment
            return Optional.empty();
        }
    }

    /** Of the default routes the one that the kernel takes: the least metric. */
    static Optional<InetAddress> defaultGateway(Path table) throws IOException {
        Entry best = null;
        try (var lines = Files.lines(table, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines.limit(MAXIMUM_LINES)::iterator) {
                Entry entry = defaultRoute(line.strip().split("\\s+"));
                if (entry != null && (best == null || entry.metric() < best.metric())) {
                    best = entry;
                }
            }
        }
        return best == null || (best.flags() & THROUGH_GATEWAY) != THROUGH_GATEWAY ? Optional.empty() : Optional.of(best.gateway());
    }

    /** Null for a route to somewhere else, and for what is no route. */
    private static Entry defaultRoute(String[] columns) throws UnknownHostException {
        try {
            if (columns.length < COLUMNS || Integer.parseUnsignedInt(columns[1], 16) != 0 || Integer.parseUnsignedInt(columns[7], 16) != 0) {
                return null;
            }
            byte[] reversed = HexFormat.of().parseHex(columns[2]);
            InetAddress gateway = InetAddress.getByAddress(new byte[] {reversed[3], reversed[2], reversed[1], reversed[0]});
            return new Entry(Integer.parseInt(columns[3], 16), gateway, Long.parseLong(columns[6]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException headline) {
            return null;
        }
    }

    private static InetAddress localAddressToward(InetAddress gateway) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // sends nothing
            socket.connect(new InetSocketAddress(gateway, NatPmpClient.PORT));
            if (socket.getLocalAddress() instanceof Inet4Address four) {
                return four;
            }
            throw new IOException("no IPv4 address toward " + gateway.getHostAddress());
        }
    }
}
