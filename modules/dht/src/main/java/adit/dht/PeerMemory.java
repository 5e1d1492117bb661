package adit.dht;

import adit.dht.RememberedPeer.Role;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Peers that were reached and how, so that the next run needs no bootstrap node. Bounded: peers of tunnels stay first, then
 * the servers of the DHT that have been connected longest, which are the ones most likely to be there again. The monitor
 * guards all.
 */
public final class PeerMemory {
    /** Peers kept; a few kilobytes. */
    public static final int MAXIMUM_PEERS = 64;
    /** Addresses kept of one peer. */
    public static final int MAXIMUM_ADDRESSES = 4;

    /** Peers of tunnels leave room for the way to others. */
    private static final int MAXIMUM_TUNNEL_PEERS = 32;
    /** A peer that was not seen for so long has most likely gone elsewhere. */
    private static final Duration FORGOTTEN = Duration.ofDays(30);
    /** How long restored addresses are believed without being confirmed. */
    private static final Duration RESTORED_LIFE = Duration.ofDays(1);

    private final Swarm swarm;
    private final Map<PeerId, RememberedPeer> peers = new HashMap<>();

    /** Empty at first. */
    public PeerMemory(Swarm swarm) {
        this.swarm = swarm;
    }

    /**
     * Takes over what was remembered in the last run and tells the address book.
     *
     * @return servers of the DHT among them, in the order given: the way into the network
     */
    public synchronized List<KnownPeer> restore(List<RememberedPeer> lastRun) {
        List<KnownPeer> servers = new ArrayList<>();
        for (RememberedPeer peer : lastRun.subList(0, Math.min(lastRun.size(), MAXIMUM_PEERS))) {
            peers.put(peer.peer(), peer);
            swarm.addressBook().add(peer.peer(), peer.addresses(), RESTORED_LIFE, AddressBook.Source.DIALLED);
            if (peer.role() == Role.DHT) {
                servers.add(new KnownPeer(peer.peer(), peer.addresses()));
            }
        }
        return servers;
    }

    /** Looks who is connected now; what is worth remembering, the most valuable first. */
    public synchronized List<RememberedPeer> current() {
        Instant now = Instant.now();
        Map<PeerId, Instant> connectedSince = new HashMap<>();
        for (Connection connection : swarm.connections()) {
            if (connection.direction() == Direction.OUTBOUND) {
                connectedSince.merge(connection.remotePeer(), connection.opened(), (a, b) -> a.isBefore(b) ? a : b);
                seen(connection.remotePeer(), connection.remoteAddress(), now);
            }
        }
        List<PeerId> wanted = swarm.peered();
        peers.values().removeIf(peer -> peer.seen().isBefore(now.minus(FORGOTTEN)));
        peers.replaceAll((id, peer) -> new RememberedPeer(id, peer.addresses(),
                wanted.contains(id) ? Role.TUNNEL : peer.role(), peer.seen()));
        bound(connectedSince);
        return sorted(connectedSince);
    }

    private void seen(PeerId id, Multiaddr address, Instant now) {
        RememberedPeer known = peers.get(id);
        Set<Multiaddr> addresses = new LinkedHashSet<>(List.of(address));
        if (known != null) {
            addresses.addAll(known.addresses());
        }
        Role role = known != null && known.role() == Role.TUNNEL ? Role.TUNNEL : servesDht(id) ? Role.DHT : Role.OTHER;
        peers.put(id, new RememberedPeer(id, addresses.stream().limit(MAXIMUM_ADDRESSES).toList(), role, now));
    }

    private boolean servesDht(PeerId id) {
        return swarm.identified(id).filter(told -> told.protocols().stream().anyMatch(Bootstrap::isDht)).isPresent();
    }

    private void bound(Map<PeerId, Instant> connectedSince) {
        int tunnels = 0;
        int kept = 0;
        for (RememberedPeer peer : sorted(connectedSince)) {
            boolean isTooMany = peer.role() == Role.TUNNEL && ++tunnels > MAXIMUM_TUNNEL_PEERS;
            if (isTooMany || ++kept > MAXIMUM_PEERS) {
                peers.remove(peer.peer());
            }
        }
    }

    private List<RememberedPeer> sorted(Map<PeerId, Instant> connectedSince) {
        return peers.values().stream().sorted(Comparator.comparing(RememberedPeer::role)
                .thenComparing(peer -> connectedSince.getOrDefault(peer.peer(), Instant.MAX))
                .thenComparing(RememberedPeer::seen, Comparator.reverseOrder())
                .thenComparing(RememberedPeer::peer)).toList();
    }
}
