package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Connection;
import adit.transport.Log;
import java.io.IOException;
import java.util.List;

/** Connections that come and go: into the table, started, and out of it again; whoever must know is told. */
final class Intake {
    /** Who is told. */
    record Told(Identify identify, PeerKnowledge knowledge, Dialer dialer, PeerKeeper keeper, DuplicateCloser duplicates, Upgrades upgrades) {}

    private final PeerId self;
    private final Connections connections;
    private final StreamHandlers handlers;
    private final Told told;
    private final Log log;

    Intake(PeerId self, Connections connections, StreamHandlers handlers, Told told, Log log) {
        this.self = self;
        this.connections = connections;
        this.handlers = handlers;
        this.told = told;
        this.log = log;
    }

    /** A refusal is nobody's failure here. */
    void admitInbound(Connection connection) {
        try {
            admit(connection);
        } catch (IOException e) {
            log.debug("connection of %s from %s refused: %s", connection.remotePeer(), connection.remoteAddress(), e.getMessage());
        }
    }

    /** @throws IOException it is refused, and closed; the message says why */
    PeerConnection admit(Connection connection) throws IOException {
        PeerConnection added = new PeerConnection(connection);
        Connections.Admission admission = connection.remotePeer().equals(self)
                ? new Connections.Admission("it is this peer itself", List.of()) : connections.add(added);
        if (admission.refusal() != null) {
            connection.close(admission.refusal());
            throw new IOException(admission.refusal());
        }
        admission.removed().forEach(removed -> removed.connection().close("closed to make room for other connections"));
        connection.start(handlers, reason -> removed(added, reason));
        if (!connection.isOpen()) {
            // it may have been closed before it knew whom to tell
            removed(added, "closed at once");
        }
        log.debug("connected to %s (%s, %s)", added, connection.direction(), connection.path());
        told.identify().ask(added);
        told.dialer().connected(added);
        told.upgrades().connected(added.peer(), added.isDirect());
        told.keeper().news(added.peer());
        told.duplicates().lookLater();
        return added;
    }

    private void removed(PeerConnection gone, String reason) {
        if (!connections.remove(gone)) {
            return;
        }
        log.debug("connection to %s ended: %s", gone, reason);
        gone.unidentified(new IOException("the connection to " + gone.peer() + " ended: " + reason));
        told.knowledge().ended(gone);
        if (connections.best(gone.peer()) == null) {
            told.upgrades().end(gone.peer());
        }
        told.upgrades().lookAgain();
        if (told.keeper().peers().contains(gone.peer())) {
            // what took it may have taken more: the relay that leads to the peer again must not turn out to be dead only then
            connections.all().forEach(other -> other.connection().probe());
        }
        told.keeper().news(gone.peer());
    }
}
