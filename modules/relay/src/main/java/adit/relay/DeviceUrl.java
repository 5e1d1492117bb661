package adit.relay;

import adit.multiformats.MalformedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where something of a UPnP device is: always on the gateway itself, by HTTP. What a device writes could otherwise make this node
 * ask other machines of the network in its name.
 *
 * @param path with the query
 */
record DeviceUrl(InetSocketAddress server, String path) {
    private static final int MAXIMUM_CHARACTERS = 1024;
    private static final int HTTP_PORT = 80;

    /**
     * @param text absolute
     * @throws MalformedException it is no URL, or leads elsewhere
     */
    static DeviceUrl of(String text, InetAddress gateway) throws MalformedException {
        return of(uri(text), gateway);
    }

    /** @param text absolute or relative to this one */
    DeviceUrl resolve(String text) throws MalformedException {
        String base = "http://" + server.getAddress().getHostAddress() + ":" + server.getPort() + path;
        return of(uri(base).resolve(uri(text)), server.getAddress());
    }

    private static URI uri(String text) throws MalformedException {
        try {
            if (text.length() <= MAXIMUM_CHARACTERS) {
                return new URI(text);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new MalformedException("no URL: " + text);
    }

    private static DeviceUrl of(URI uri, InetAddress gateway) throws MalformedException {
        String host = uri.getHost();
        if (!"http".equalsIgnoreCase(uri.getScheme()) || host == null || uri.getRawUserInfo() != null) {
            throw new MalformedException("no URL of a device: " + uri);
        }
        if (!host.equals(gateway.getHostAddress())) {
            throw new MalformedException("a URL that does not lead to the gateway " + gateway.getHostAddress() + ": " + uri);
        }
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        if (port == 0 || port > 65535) {
            throw new MalformedException("no URL of a device: " + uri);
        }
        String path = uri.toASCIIString().split("#", 2)[0].substring("http://".length() + uri.getRawAuthority().length());
        return new DeviceUrl(new InetSocketAddress(gateway, port), path.startsWith("/") ? path : "/" + path);
    }

    /** For the Host header. */
    String authority() {
        return server.getAddress().getHostAddress() + ":" + server.getPort();
    }
}
