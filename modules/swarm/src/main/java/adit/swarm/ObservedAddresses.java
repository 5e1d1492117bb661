package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Addresses of this node as its peers see them, behind a NAT that forwards a port. Anyone may claim anything: an address is
 * believed when several peers of several networks have come to a listening port by it, as in go-libp2p. As many observations
 * as there are connections; the monitor guards them.
 */
final class ObservedAddresses {
    /** Peers and networks that must agree; go-libp2p's number. */
    static final int AGREEING = 4;
    /** What is believed stays so while as many do: peers come and go, and each change is told to all of them. */
    static final int STILL_AGREEING = 2;
    /** Addresses believed, or told at all, for one port listened on. */
    static final int MAXIMUM_PER_PORT = 3;

    /** Bytes of an address that neighbours share: an IPv4 /24, an IPv6 /48. */
    private static final int NETWORK_4 = 3;
    private static final int NETWORK_6 = 6;

    private record Observation(int port, Multiaddr observed, PeerId peer, ByteBuffer network) {}

    private record Candidate(Multiaddr address, int port, int agreeing) {}

    private final Map<Connection, Observation> observations = new HashMap<>();
    /** How this node is seen on connections dialled from ports of the moment. */
    private final Map<Connection, InetAddress> elsewhere = new HashMap<>();
    private List<Multiaddr> believed = List.of();

    /** The latest, most agreed upon first. */
    synchronized List<Multiaddr> believed() {
        return believed;
    }

    /**
     * What peers say, believed or not: the most agreed upon first, as many for a port as could be believed. When they have seen no listening port, since
     * it was not free for a dial so soon after a restart, the same port outside is the best guess: most NATs keep it.
     *
     * @param listening as bound
     */
    synchronized List<Multiaddr> told(List<Multiaddr> listening) {
        List<Multiaddr> told = told();
        return told.isEmpty() ? elsewhere.values().stream().distinct().flatMap(ip -> listening.stream().flatMap(bound -> bound.toTcp().stream())
                .filter(bound -> bound.getAddress().getClass() == ip.getClass()).map(bound -> Multiaddr.ofTcp(new InetSocketAddress(ip, bound.getPort()))))
                .distinct().limit(MAXIMUM_PER_PORT).toList() : told;
    }

    private List<Multiaddr> told() {
        Map<Integer, Integer> perPort = new HashMap<>();
        return candidates().stream().filter(each -> perPort.merge(each.port(), 1, Integer::sum) <= MAXIMUM_PER_PORT)
                .map(Candidate::address).toList();
    }

    /**
     * What the remote peer of that connection says this node's address is.
     *
     * @param observed null when it does not say
     * @param listening as bound
     * @return whether another set of addresses is believed now
     */
    synchronized boolean observe(Connection connection, Multiaddr observed, List<Multiaddr> listening) {
        InetSocketAddress local = connection.localAddress().toTcp().orElse(null);
        InetSocketAddress remote = connection.remoteAddress().toTcp().orElse(null);
        boolean isPlausible = local != null && remote != null && isPlausible(observed, local);
        elsewhere.remove(connection);
        if (isPlausible && !isListening(local, listening)) {
            elsewhere.put(connection, observed.toTcp().orElseThrow().getAddress());
        }
        if (isPlausible && isListening(local, listening)) {
            observations.put(connection, new Observation(local.getPort(), observed, connection.remotePeer(), network(remote.getAddress())));
        } else {
            observations.remove(connection);
        }
        return changed();
    }

    /** What the addresses told mean. @param own of this machine's interfaces, with the listening ports */
    synchronized NatMapping mapping(List<Multiaddr> own) {
        List<Observation> outside = observations.values().stream().filter(each -> !own.contains(each.observed())).toList();
        if (outside.isEmpty()) {
            return observations.isEmpty() ? NatMapping.UNKNOWN : NatMapping.NONE;
        }
        if (outside.stream().map(Observation::peer).distinct().count() < 2) {
            return NatMapping.UNKNOWN;
        }
        // a port listened on by IPv4 and by IPv6 is seen by one address of each
        Set<List<?>> ports = new HashSet<>();
        Set<Multiaddr> addresses = new HashSet<>();
        for (Observation each : outside) {
            ports.add(List.of(each.port(), each.observed().components().getFirst().protocol()));
            addresses.add(each.observed());
        }
        return addresses.size() <= ports.size() ? NatMapping.ENDPOINT_INDEPENDENT : NatMapping.ENDPOINT_DEPENDENT;
    }

    /** The connection has ended; whether another set of addresses is believed now. */
    synchronized boolean forget(Connection connection) {
        elsewhere.remove(connection);
        return observations.remove(connection) != null && changed();
    }

    /** A port of the moment, of a connection dialled from here, leads nowhere. */
    private static boolean isListening(InetSocketAddress local, List<Multiaddr> listening) {
        return listening.stream().flatMap(address -> address.toTcp().stream()).anyMatch(bound -> bound.getPort() == local.getPort()
                && (bound.getAddress().isAnyLocalAddress() || bound.getAddress().equals(local.getAddress())));
    }

    private static boolean isPlausible(Multiaddr observed, InetSocketAddress local) {
        InetSocketAddress seen = observed == null ? null : observed.toTcp().orElse(null);
        return seen != null && observed.components().size() == 2 && seen.getPort() > 0
                && seen.getAddress().getClass() == local.getAddress().getClass() && !seen.getAddress().isLoopbackAddress()
                && !seen.getAddress().isAnyLocalAddress() && !seen.getAddress().isLinkLocalAddress() && !seen.getAddress().isMulticastAddress();
    }

    private static ByteBuffer network(InetAddress remote) {
        byte[] bytes = remote.getAddress();
        return ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length == 4 ? NETWORK_4 : NETWORK_6));
    }

    private boolean changed() {
        Map<Integer, Integer> perPort = new HashMap<>();
        List<Multiaddr> now = new ArrayList<>();
        for (Candidate candidate : candidates()) {
            int needed = believed.contains(candidate.address()) ? STILL_AGREEING : AGREEING;
            if (candidate.agreeing() >= needed && perPort.merge(candidate.port(), 1, Integer::sum) <= MAXIMUM_PER_PORT) {
                now.add(candidate.address());
            }
        }
        boolean isChanged = !Set.copyOf(now).equals(Set.copyOf(believed));
        believed = List.copyOf(now);
        return isChanged;
    }

    private List<Candidate> candidates() {
        Map<Multiaddr, Set<PeerId>> peers = new HashMap<>();
        Map<Multiaddr, Set<ByteBuffer>> networks = new HashMap<>();
        Map<Multiaddr, Integer> ports = new HashMap<>();
        for (Observation each : observations.values()) {
            peers.computeIfAbsent(each.observed(), a -> new HashSet<>()).add(each.peer());
            networks.computeIfAbsent(each.observed(), a -> new HashSet<>()).add(each.network());
            ports.put(each.observed(), each.port());
        }
        return ports.entrySet().stream()
                .map(each -> new Candidate(each.getKey(), each.getValue(),
                        Math.min(peers.get(each.getKey()).size(), networks.get(each.getKey()).size())))
                .sorted(Comparator.comparing(Candidate::agreeing).reversed().thenComparing(candidate -> candidate.address().toString()))
                .toList();
    }
}
