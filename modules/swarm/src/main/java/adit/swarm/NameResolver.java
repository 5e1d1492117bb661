package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Protocol;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Turns names into addresses: /dns, /dns4 and /dns6 with /tcp by the system's resolver, /dnsaddr by the one given. */
final class NameResolver {
    /** Addresses taken of one name: who controls it must not make us dial a whole network. */
    static final int MAXIMUM_ADDRESSES = 16;

    private volatile AddressResolver ofDnsAddress = (address, peer) -> {
        throw new IOException("/dnsaddr is not resolved here");
    };

    void resolveDnsAddressBy(AddressResolver resolver) {
        ofDnsAddress = resolver;
    }

    /** Of the form /dns|dns4|dns6/NAME/tcp/PORT or /dnsaddr/NAME. */
    static boolean isName(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        if (isDnsAddress(address)) {
            return components.size() == 1;
        }
        return components.size() == 2 && components.get(1).protocol() == Protocol.TCP && switch (components.get(0).protocol()) {
            case DNS, DNS4, DNS6 -> true;
            default -> false;
        };
    }

    private static boolean isDnsAddress(Multiaddr address) {
        return address.components().getFirst().protocol() == Protocol.DNSADDR;
    }

    /** What a name means for that peer; what /dnsaddr leads to may be names again, but not of that kind. */
    List<Multiaddr> resolve(Multiaddr name, PeerId peer) throws IOException {
        return isDnsAddress(name) ? ofDnsAddress.resolve(name, peer).stream().filter(each -> !isDnsAddress(each)).toList() : resolve(name);
    }

    /**
     * Asks the system's resolver. Blocks for as long as that takes and cannot be interrupted: the caller waits elsewhere.
     *
     * @throws IOException the name is unknown or has no address of the family wanted
     */
    static List<Multiaddr> resolve(Multiaddr name) throws IOException {
        Multiaddr.Component host = name.components().get(0);
        int port = Integer.parseInt(name.components().get(1).value());
        List<Multiaddr> resolved = new ArrayList<>();
        for (InetAddress ip : allByName(host.value())) {
            boolean wanted = host.protocol() == Protocol.DNS || ip instanceof Inet6Address == (host.protocol() == Protocol.DNS6);
            if (wanted && resolved.size() < MAXIMUM_ADDRESSES) {
                resolved.add(Multiaddr.ofTcp(new InetSocketAddress(ip, port)));
            }
        }
        if (resolved.isEmpty()) {
            throw new UnknownHostException("the name has no address of that family");
        }
        return resolved;
    }

    private static InetAddress[] allByName(String host) throws UnknownHostException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            UnknownHostException clearer = new UnknownHostException("the name cannot be resolved");
            clearer.initCause(e);
            throw clearer;
        }
    }
}
