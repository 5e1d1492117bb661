package adit.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.regex.Pattern;

/** What a gateway says it grants, looked at before it is believed. */
final class Granted {
    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Granted() {}

    /** @throws IOException nobody could be reached there */
    static InetSocketAddress address(InetSocketAddress external) throws IOException {
        InetAddress ip = external.getAddress();
        if (ip.isAnyLocalAddress()) {
            throw new IOException("the gateway has no external address");
        }
        if (ip.isLoopbackAddress() || ip.isMulticastAddress() || ip.isLinkLocalAddress() || external.getPort() == 0) {
            throw new IOException("the gateway gives no usable address: " + ip.getHostAddress() + " port " + external.getPort());
        }
        return external;
    }

    /** @throws IOException it is over at once */
    static Duration lifetime(long seconds) throws IOException {
        if (seconds == 0) {
            throw new IOException("the gateway gives the mapping no time");
        }
        return Duration.ofSeconds(seconds);
    }

    /** @throws IOException it is something else than an IPv4 address */
    static InetAddress ip(String text) throws IOException {
        try {
            if (DOTTED.matcher(text).matches()) {
                return InetAddress.ofLiteral(text);
            }
        } catch (IllegalArgumentException e) {
            // 1.2.3.999
        }
        throw new IOException("the gateway tells no IPv4 address");
    }

    /** @throws IOException it is something else than the number of a port */
    static int port(String text) throws IOException {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IOException("the gateway tells no port");
    }
}
