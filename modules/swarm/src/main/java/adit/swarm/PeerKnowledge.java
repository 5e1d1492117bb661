package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What becomes of what peers tell in identify: who they are, where they are, and how they see this node. Thread-safe. */
final class PeerKnowledge {
    /** Addresses that identify told live on for so long after the last connection. */
    private static final Duration REMEMBERED = Duration.ofMinutes(15);

    private final Connections connections;
    private final AddressBook book;
    private final AnnouncedAddresses announced;
    private final Identities identities = new Identities();
    private final List<Consumer<PeerId>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<PeerId>> endListeners = new CopyOnWriteArrayList<>();

    PeerKnowledge(Connections connections, AddressBook book, AnnouncedAddresses announced) {
        this.connections = connections;
        this.book = book;
        this.announced = announced;
    }

    /** Who hears of each message. */
    void onIdentified(Consumer<PeerId> listener) {
        listeners.add(listener);
    }

    /** Who hears of each connection's end. */
    void onEnded(Consumer<PeerId> listener) {
        endListeners.add(listener);
    }

    /** What was told on its best connection, else on one that has ended. */
    Optional<IdentifiedPeer> of(PeerId peer) {
        PeerConnection best = connections.best(peer);
        IdentifiedPeer fresh = best == null ? null : best.identifiedPeer();
        return fresh != null ? Optional.of(fresh) : identities.of(peer);
    }

    void identified(PeerConnection connection, IdentifiedPeer known) {
        identities.add(known);
        remember(connection, known, AddressBook.FOREVER);
        boolean isNews = announced.observe(connection.connection(), known.observedAddress());
        if (connections.of(connection.peer()).isEmpty()) {
            // the connection ended meanwhile
            remember(connection, known, REMEMBERED);
        }
        if (!connection.connection().isOpen()) {
            isNews |= announced.forget(connection.connection());
        }
        if (isNews) {
            announced.changed();
        }
        listeners.forEach(listener -> listener.accept(connection.peer()));
    }

    /** The connection is in the table no more. */
    void ended(PeerConnection gone) {
        IdentifiedPeer known = gone.identifiedPeer();
        if (known != null && connections.of(gone.peer()).isEmpty()) {
            remember(gone, known, REMEMBERED);
        }
        if (announced.forget(gone.connection())) {
            announced.changed();
        }
        endListeners.forEach(listener -> listener.accept(gone.peer()));
    }

    private void remember(PeerConnection connection, IdentifiedPeer known, Duration life) {
        List<Multiaddr> plausible = AddressScope.plausible(known.listenAddresses(), connection.connection().remoteAddress());
        book.replace(connection.peer(), plausible, life, AddressBook.Source.IDENTIFY);
    }
}
