package adit.relay;

import adit.identity.PeerId;
import adit.transport.Connection;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may be reached through this relay: until a reservation expires or its peer has lost every connection that was there at the
 * last look. A peer that comes back must reserve again; one that has two connections may lose one of them. The monitor guards the
 * table, and is held while a peer is protected so that nobody stays protected without a reservation.
 */
final class Reservations {
    /** What the table needs of the swarm. */
    interface Peers {
        /** Open connections to the peer that are not relayed themselves. */
        List<Connection> direct(PeerId peer);

        void protect(PeerId peer);

        void unprotect(PeerId peer);
    }

    /** @param isCounted false for a peer that is exempt from the limits */
    private record Place(boolean isCounted, IpPrefix address, IpPrefix network, Instant expire, List<Connection> connections) {
        boolean isOver(Instant now) {
            return !expire.isAfter(now) || connections.stream().noneMatch(Connection::isOpen);
        }
    }

    private final RelayServiceSettings settings;
    private final Peers peers;
    private final Map<PeerId, Place> places = new HashMap<>();
    private boolean closed;

    Reservations(RelayServiceSettings settings, Peers peers) {
        this.settings = settings;
        this.peers = peers;
    }

    /** Grants or renews; when it expires, null when it is refused: a reservation that the peer has stays what it is then. */
    synchronized Instant reserve(Connection connection, Instant now) {
        PeerId peer = connection.remotePeer();
        InetAddress ip = IpPrefix.ip(connection).orElse(null);
        forgetOver(now);
        if (closed || ip == null) {
            return null;
        }
        Instant expire = now.plus(settings.reservationLife());
        boolean isCounted = !settings.unlimited().contains(peer);
        Place place = new Place(isCounted, IpPrefix.address(ip), IpPrefix.network(ip), expire, List.of(connection));
        if (isCounted && isFull(peer, place)) {
            return null;
        }
        places.put(peer, place);
        peers.protect(peer);
        return expire;
    }

    private boolean isFull(PeerId peer, Place wanted) {
        int all = 0;
        int ofAddress = 0;
        int ofNetwork = 0;
        for (Map.Entry<PeerId, Place> entry : places.entrySet()) {
            Place place = entry.getValue();
            if (!entry.getKey().equals(peer) && place.isCounted()) {
                all++;
                ofAddress += place.address().equals(wanted.address()) ? 1 : 0;
                ofNetwork += place.network().equals(wanted.network()) ? 1 : 0;
            }
        }
        return all >= settings.maximumReservations() || ofAddress >= settings.maximumReservationsPerAddress()
                || ofNetwork >= settings.maximumReservationsPerNetwork();
    }

    /** An open connection to a peer with a reservation, null when it has none. */
    synchronized Connection connectionTo(PeerId peer, Instant now) {
        Place place = places.get(peer);
        if (place == null || place.isOver(now)) {
            return null;
        }
        return place.connections().stream().filter(Connection::isOpen).findFirst().orElse(null);
    }

    /** Forgets what has expired and who has gone, and looks by which connections the others are there. */
    synchronized void lookAgain(Instant now) {
        forgetOver(now);
        places.replaceAll((peer, place) ->
                new Place(place.isCounted(), place.address(), place.network(), place.expire(), peers.direct(peer)));
    }

    private void forgetOver(Instant now) {
        places.entrySet().removeIf(entry -> {
            boolean isOver = entry.getValue().isOver(now);
            if (isOver) {
                peers.unprotect(entry.getKey());
            }
            return isOver;
        });
    }

    synchronized int count() {
        return places.size();
    }

    /** Ends all and grants none any more. */
    synchronized void close() {
        closed = true;
        places.keySet().forEach(peers::unprotect);
        places.clear();
    }
}
