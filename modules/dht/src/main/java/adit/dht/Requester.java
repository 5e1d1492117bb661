package adit.dht;

import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Sends requests to peers, each on a stream of its own (libp2p/specs kad-dht, "RPC messages"). Thread-safe. */
final class Requester {
    /** Addresses that peers tell of each other are kept for so long, unless one works. */
    private static final Duration ADDRESS_LIFE = Duration.ofMinutes(2);

    private final Swarm swarm;
    private final Realm realm;
    private final String protocol;
    private final DhtSettings settings;
    private final Deadlines deadlines;

    Requester(Swarm swarm, Realm realm, DhtSettings settings, Deadlines deadlines) {
        this.swarm = swarm;
        this.realm = realm;
        this.protocol = realm.protocol(settings.prefix());
        this.settings = settings;
        this.deadlines = deadlines;
    }

    /** The answer; connects first if needed, by the addresses that belong to this network. Blocks, interruptible. */
    Message ask(KnownPeer peer, Message request) throws IOException {
        if (!swarm.isConnected(peer.id())) {
            List<Multiaddr> addresses = realm.accepted(peer.addresses());
            swarm.addressBook().add(peer.id(), addresses, ADDRESS_LIFE, AddressBook.Source.ROUTING);
            swarm.connectAsKnown(peer.id(), settings.connectTimeout());
        }
        Stream stream = swarm.openStream(peer.id(), protocol);
        try (Deadlines.Deadline _ = deadlines.after(settings.requestTimeout(), stream::reset)) {
            request.write(stream.outputStream());
            Message answer = Message.read(stream.inputStream(), Message.MAXIMUM_ANSWER);
            if (answer == null) {
                throw new EOFException(peer.id() + " ended the stream without an answer");
            }
            stream.close();
            return answer;
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
    }
}
