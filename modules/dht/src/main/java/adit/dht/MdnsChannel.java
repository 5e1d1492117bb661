package adit.dht;

import adit.swarm.IpNetwork;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The socket of mDNS (RFC 6762) for one version of IP, a member of the group on every interface. The port is shared with
 * other programs of this machine. The monitor guards the interfaces and the sending.
 */
final class MdnsChannel implements AutoCloseable {
    static final int PORT = 5353;

    /** A machine with containers has hundreds: those beyond are left out, as by the kernel. */
    private static final int MAXIMUM_INTERFACES = 20;
    /** RFC 6762, section 11. */
    private static final int HOPS = 255;

    private final InetAddress group;
    private final boolean isVersion6;
    private final DatagramChannel channel;
    /** By index: an interface whose addresses have changed is still the same. */
    private final Map<Integer, Membership> joined = new HashMap<>();

    private record Membership(MembershipKey key, NetworkInterface on) {}

    private MdnsChannel(ProtocolFamily family, String group, String wildcard) throws IOException {
        this.group = InetAddress.ofLiteral(group);
        isVersion6 = family == StandardProtocolFamily.INET6;
        channel = DatagramChannel.open(family);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(wildcard), PORT));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    static MdnsChannel version4() throws IOException {
        return new MdnsChannel(StandardProtocolFamily.INET, "224.0.0.251", "0.0.0.0");
    }

    static MdnsChannel version6() throws IOException {
        return new MdnsChannel(StandardProtocolFamily.INET6, "ff02::fb", "::");
    }

    /** Interfaces come and go. True when there is one that was not there before. */
    synchronized boolean joinInterfaces() {
        Map<Integer, Membership> before = new HashMap<>(joined);
        joined.clear();
        boolean isNew = false;
        for (NetworkInterface each : multicastInterfaces()) {
            Membership old = before.remove(each.getIndex());
            if (old != null) {
                joined.put(each.getIndex(), new Membership(old.key(), each));
            } else {
                isNew |= join(each);
            }
        }
        // the kernel gives a socket twenty memberships only
        before.values().forEach(gone -> gone.key().drop());
        return isNew;
    }

    private boolean join(NetworkInterface each) {
        try {
            joined.put(each.getIndex(), new Membership(channel.join(group, each), each));
            return true;
        } catch (IOException e) {
            // most likely it has no address of this version yet
            return false;
        }
    }

    private static List<NetworkInterface> multicastInterfaces() {
        try {
            return NetworkInterface.networkInterfaces().filter(MdnsChannel::isUsable).limit(MAXIMUM_INTERFACES).toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static boolean isUsable(NetworkInterface each) {
        try {
            return each.isUp() && each.supportsMulticast() && !each.isLoopback();
        } catch (SocketException gone) {
            return false;
        }
    }

    /** Out of every interface; one that fails will be asked again with the next message. */
    synchronized void send(byte[] message) {
        for (Membership each : joined.values()) {
            try {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, each.on());
                channel.send(ByteBuffer.wrap(message), new InetSocketAddress(group, PORT));
            } catch (IOException e) {
                // it has lost its address, or has gone
            }
        }
    }

    /**
     * Blocks until a neighbour has sent something, which is then in the buffer, ready to be read. What comes from other ports
     * or from beyond the local networks is no mDNS: anyone could send it.
     *
     * @throws ClosedChannelException after close
     */
    void receive(ByteBuffer buffer) throws IOException {
        InetSocketAddress source;
        do {
            source = (InetSocketAddress) channel.receive(buffer.clear());
        } while (source.getPort() != PORT || !isNeighbour(source.getAddress()));
        buffer.flip();
    }

    private synchronized boolean isNeighbour(InetAddress source) {
        if (isVersion6 && source.isLinkLocalAddress()) {
            return true;
        }
        for (Membership each : joined.values()) {
            for (InterfaceAddress own : each.on().getInterfaceAddresses()) {
                if (own.getAddress() instanceof Inet6Address == isVersion6
                        && new IpNetwork(own.getAddress(), own.getNetworkPrefixLength()).contains(source)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override public void close() throws IOException {
        channel.close();
    }
}
