package adit.multiformats;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Zones of IPv6 addresses (RFC 4007): the name of a network interface of this machine, or its number. */
final class IpZone {
    private static final String NUMBER = "[0-9]{1,9}";

    private IpZone() {}

    /** The zone of an address whose scope is set: the interface's name where the address was made with it. */
    static String of(Inet6Address address) {
        NetworkInterface named = address.getScopedInterface();
        return named != null ? named.getName() : Integer.toString(address.getScopeId());
    }

    /** @throws IOException the address can have no zone, or this machine no such interface, or that no address of that scope */
    static InetAddress scoped(byte[] ip, String zone) throws IOException {
        if (InetAddress.getByAddress(ip) instanceof Inet4Address) {
            throw new IOException("an address of IPv4 has no zone");
        }
        NetworkInterface named = NetworkInterface.getByName(zone);
        if (named != null) {
            return Inet6Address.getByAddress(null, ip, named);
        }
        if (!zone.matches(NUMBER)) {
            throw new IOException("no network interface " + zone);
        }
        return Inet6Address.getByAddress(null, ip, Integer.parseInt(zone));
    }
}
