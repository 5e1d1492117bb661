package adit.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a gateway for mappings by UPnP (Internet Gateway Device 1 and 2). To ask for one that exists renews it. The device is looked
 * for once, and again after a failure.
 */
final class UpnpClient implements MappingProtocol {
    /** External ports tried, the first being the one listened on. */
    private static final int MAXIMUM_CONFLICTS = 4;
    private static final int LEAST_PORT = 1024;

    private final Route route;
    private final PortMappingSettings settings;
    private final UpnpSearch search;
    private final UpnpHttp http;
    private final SecureRandom random = new SecureRandom();
    private volatile UpnpService service;

    /** @param destinations of the search */
    UpnpClient(Route route, List<InetSocketAddress> destinations, PortMappingSettings settings) {
        this.route = route;
        this.settings = settings;
        search = new UpnpSearch(route, destinations, settings);
        http = new UpnpHttp(route.local(), settings.httpTimeout());
    }

    @Override public MappingMeans means() {
        return MappingMeans.UPNP;
    }

    @Override public PortMapping map(int port, PortMapping before) throws IOException {
        UpnpService asked = service != null ? service : find();
        service = null;
        InetAddress external = externalAddress(asked);
        int wanted = before == null ? port : before.external().getPort();
        PortMapping mapping = asked.hasAddAny() ? addAny(asked, external, port, wanted) : add(asked, external, port, wanted);
        service = asked;
        return mapping;
    }

    private UpnpService find() throws IOException {
        UpnpService[] found = new UpnpService[1];
        IOException[] failure = {new IOException("no device of the gateway answers")};
        search.search(location -> {
            try {
                found[0] = connected(UpnpService.of(http.get(location), location));
                return true;
            } catch (IOException e) {
                failure[0] = e;
                return false;
            }
        });
        if (found[0] == null) {
            throw failure[0];
        }
        return found[0];
    }

    /** The first that has an external address. */
    private UpnpService connected(List<UpnpService> services) throws IOException {
        IOException failure = null;
        for (UpnpService each : services) {
            try {
                externalAddress(each);
                return each;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private InetAddress externalAddress(UpnpService asked) throws IOException {
        XmlElement answer = http.call(asked.control(), asked.type(), "GetExternalIPAddress", Map.of());
        InetAddress ip = Granted.ip(answer.textOf("NewExternalIPAddress").orElse(""));
        return Granted.address(new InetSocketAddress(ip, LEAST_PORT)).getAddress();
    }

    private PortMapping addAny(UpnpService asked, InetAddress external, int port, int wanted) throws IOException {
        XmlElement answer = http.call(asked.control(), asked.type(), "AddAnyPortMapping", arguments(port, wanted, settings.lifetime()));
        return mapping(external, port, Granted.port(answer.textOf("NewReservedPort").orElse("")), settings.lifetime());
    }

    private PortMapping add(UpnpService asked, InetAddress external, int port, int wanted) throws IOException {
        Duration lifetime = settings.lifetime();
        int next = wanted;
        for (int conflicts = 0;;) {
            try {
                http.call(asked.control(), asked.type(), "AddPortMapping", arguments(port, next, lifetime));
                return mapping(external, port, next, lifetime);
            } catch (UpnpErrorException refusal) {
                if (refusal.code() == UpnpErrorException.ONLY_PERMANENT && !lifetime.isZero()) {
                    lifetime = Duration.ZERO;
                } else if (refusal.code() == UpnpErrorException.CONFLICT && ++conflicts < MAXIMUM_CONFLICTS) {
                    next = LEAST_PORT + random.nextInt(65536 - LEAST_PORT);
                } else {
                    throw refusal;
                }
            }
        }
    }

    private PortMapping mapping(InetAddress external, int port, int externalPort, Duration lifetime) {
        return new PortMapping(means(), route.gateway(), port, new InetSocketAddress(external, externalPort), lifetime);
    }

    /** The order is that of the services' descriptions: some gateways know no other. */
    private Map<String, String> arguments(int port, int externalPort, Duration lifetime) {
        Map<String, String> arguments = external(externalPort);
        arguments.put("NewInternalPort", Integer.toString(port));
        arguments.put("NewInternalClient", route.local().getHostAddress());
        arguments.put("NewEnabled", "1");
        arguments.put("NewPortMappingDescription", "adit");
        arguments.put("NewLeaseDuration", Long.toString(lifetime.toSeconds()));
        return arguments;
    }

    private static Map<String, String> external(int port) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("NewRemoteHost", "");
        arguments.put("NewExternalPort", Integer.toString(port));
        arguments.put("NewProtocol", "TCP");
        return arguments;
    }

    @Override public void unmap(PortMapping mapping) throws IOException {
        UpnpService asked = service != null ? service : find();
        http.call(asked.control(), asked.type(), "DeletePortMapping", external(mapping.external().getPort()));
    }
}
