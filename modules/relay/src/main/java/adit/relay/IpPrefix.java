package adit.relay;

import adit.transport.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The front of an IP address, by which those are counted who may well be one: IPv4 and IPv6 ones never are equal. */
record IpPrefix(ByteBuffer bytes) {
    /** One customer: an IPv4 address, an IPv6 /64. */
    static IpPrefix address(InetAddress ip) {
        return of(ip.getAddress(), 4, 8);
    }

    /** His neighbourhood: an IPv4 /24, an IPv6 /48. */
    static IpPrefix network(InetAddress ip) {
        return of(ip.getAddress(), 3, 6);
    }

    private static IpPrefix of(byte[] ip, int length4, int length6) {
        return new IpPrefix(ByteBuffer.wrap(ip, 0, ip.length == 4 ? length4 : length6).asReadOnlyBuffer());
    }

    /** The remote end of a connection; empty when it is not TCP over IP. */
    static Optional<InetAddress> ip(Connection connection) {
        return connection.remoteAddress().toTcp().map(InetSocketAddress::getAddress);
    }
}
