package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Connection;
import adit.transport.Direction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The table of open connections, several per peer allowed, with its limits and what is protected from them. Readers take no
 * lock; the monitor guards changes. It decides, the caller closes.
 */
final class Connections {
    /** What became of a new connection: its refusal, null when it is in, and those that must be closed to make room. */
    record Admission(String refusal, List<PeerConnection> removed) {}

    private static final int IPV6_SITE_FACTOR = 8;

    private final SwarmSettings settings;
    /** Immutable lists, the best connection first, never empty. */
    private final Map<PeerId, List<PeerConnection>> peers = new ConcurrentHashMap<>();
    private final Map<PeerId, Set<String>> protections = new HashMap<>();
    private boolean closed;

    Connections(SwarmSettings settings) {
        this.settings = settings;
    }

    /** The connection for new streams, null when there is none. */
    PeerConnection best(PeerId peer) {
        for (PeerConnection connection : of(peer)) {
            if (connection.isUsable()) {
                return connection;
            }
        }
        return null;
    }

    /** Whether the one for new streams is not relayed. */
    boolean hasDirect(PeerId peer) {
        PeerConnection best = best(peer);
        return best != null && best.isDirect();
    }

    List<PeerConnection> of(PeerId peer) {
        return peers.getOrDefault(peer, List.of());
    }

    List<PeerConnection> all() {
        return peers.values().stream().flatMap(List::stream).toList();
    }

    /** Null when it has been removed. */
    PeerConnection find(Connection connection) {
        for (PeerConnection candidate : of(connection.remotePeer())) {
            if (candidate.connection() == connection) {
                return candidate;
            }
        }
        return null;
    }

    // ---- coming and going

    /**
     * Takes a connection in. Outbound ones are somebody's wish; of inbound ones a peer may have only so many, and those of peers
     * that are not protected count for their network and for the whole table. When the table is full the oldest idle
     * unprotected ones leave it.
     */
    synchronized Admission add(PeerConnection added) {
        if (closed) {
            return new Admission("the swarm is closed", List.of());
        }
        boolean outbound = added.connection().direction() == Direction.OUTBOUND;
        if (!outbound && of(added.peer()).size() >= settings.maximumConnectionsPerPeer()) {
            return new Admission("too many connections from this peer", List.of());
        }
        boolean wanted = outbound || protections.containsKey(added.peer());
        if (!wanted && isNetworkFull(added)) {
            return new Admission("too many connections from this network", List.of());
        }
        List<PeerConnection> removed = trimmable(all().size() + 1 - settings.maximumConnections());
        if (!wanted && all().size() - removed.size() >= settings.maximumConnections()) {
            return new Admission("too many connections", List.of());
        }
        removed.forEach(this::remove);
        List<PeerConnection> ranked = new ArrayList<>(of(added.peer()));
        int place = 0;
        while (place < ranked.size() && !added.isBetterThan(ranked.get(place))) {
            place++;
        }
        ranked.add(place, added);
        peers.put(added.peer(), List.copyOf(ranked));
        return new Admission(null, removed);
    }

    /** False when it was not there. */
    synchronized boolean remove(PeerConnection gone) {
        List<PeerConnection> before = of(gone.peer());
        List<PeerConnection> rest = before.stream().filter(connection -> connection != gone).toList();
        if (rest.isEmpty()) {
            peers.remove(gone.peer());
        } else {
            peers.put(gone.peer(), rest);
        }
        return rest.size() < before.size();
    }

    /** Takes nothing more in; what there was. */
    synchronized List<PeerConnection> close() {
        closed = true;
        return all();
    }

    // ---- limits

    private boolean isNetworkFull(PeerConnection added) {
        Optional<InetAddress> remote = remoteIp(added);
        if (remote.isEmpty() || remote.get().isLoopbackAddress()) {
            return false;
        }
        int limit = settings.maximumConnectionsPerNetwork();
        return remote.get().getAddress().length == 4 ? inboundFrom(remote.get(), 4) >= limit
                : inboundFrom(remote.get(), 7) >= limit || inboundFrom(remote.get(), 6) >= limit * IPV6_SITE_FACTOR;
    }

    private long inboundFrom(InetAddress remote, int prefixBytes) {
        byte[] wanted = remote.getAddress();
        return all().stream().filter(connection -> connection.connection().direction() == Direction.INBOUND)
                .flatMap(connection -> remoteIp(connection).stream()).map(InetAddress::getAddress)
                .filter(ip -> ip.length == wanted.length && Arrays.equals(ip, 0, prefixBytes, wanted, 0, prefixBytes)).count();
    }

    private static Optional<InetAddress> remoteIp(PeerConnection connection) {
        return connection.connection().remoteAddress().toTcp().map(InetSocketAddress::getAddress);
    }

    private List<PeerConnection> trimmable(int count) {
        return all().stream()
                .filter(connection -> !protections.containsKey(connection.peer()) && isIdleAndGrown(connection))
                .sorted(Comparator.comparing(connection -> connection.connection().opened()))
                .limit(Math.max(0, count)).toList();
    }

    private boolean isIdleAndGrown(PeerConnection connection) {
        return connection.isOlderThan(settings.connectionGrace()) && !connection.hasStreams();
    }

    // ---- duplicates

    /** Some peer has more connections than it needs. */
    boolean hasDuplicates() {
        return peers.values().stream().anyMatch(connections -> connections.size() > 1);
    }

    /**
     * Connections beside a better one that nothing runs on any more. Both must be out of their grace: the remote peer may
     * have learnt of the better one a moment later and must not lose a stream that it opened on the other.
     */
    List<PeerConnection> superfluous() {
        List<PeerConnection> superfluous = new ArrayList<>();
        for (List<PeerConnection> connections : peers.values()) {
            PeerConnection best = best(connections.getFirst().peer());
            if (best != null && best.isOlderThan(settings.connectionGrace())) {
                connections.stream().filter(connection -> connection != best && isIdleAndGrown(connection)).forEach(superfluous::add);
            }
        }
        return superfluous;
    }

    // ---- protection

    synchronized void protect(PeerId peer, String tag) {
        protections.computeIfAbsent(peer, p -> new HashSet<>()).add(tag);
    }

    synchronized void unprotect(PeerId peer, String tag) {
        protections.computeIfPresent(peer, (p, tags) -> {
            tags.remove(tag);
            return tags.isEmpty() ? null : tags;
        });
    }
}
