package adit.swarm;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A real swarm on loopback with everything it needs. */
final class Node implements AutoCloseable {
    final Loops loops = new Loops(0);
    final Deadlines deadlines = new Deadlines();
    final RecordingLog log = new RecordingLog();
    final Swarm swarm;
    final Multiaddr address;

    Node() throws IOException {
        this(TestSettings.quick());
    }

    Node(SwarmSettings settings) throws IOException {
        this(PrivateKey.generate(), settings, "/ip4/127.0.0.1/tcp/0");
    }

    Node(PrivateKey identity, SwarmSettings settings, String listen) throws IOException {
        this(identity, settings, listen, TransportSettings.defaults());
    }

    Node(PrivateKey identity, SwarmSettings settings, String listen, TransportSettings transport) throws IOException {
        swarm = new Swarm(identity, settings, transport, new BufferPool(16), loops, deadlines, log);
        address = swarm.listen(Multiaddr.parse(listen));
    }

    /** Gives this node the other's address, and whatever else is given. */
    Node knows(Node other, Multiaddr... more) {
        swarm.addressBook().add(other.swarm.self(), List.of(other.address), AddressBook.FOREVER);
        swarm.addressBook().add(other.swarm.self(), List.of(more), AddressBook.FOREVER);
        return this;
    }

    /** Serves a protocol that answers what it is sent until the end. */
    Node echoing(String protocol) {
        swarm.handle(protocol, true, Node::echo);
        return this;
    }

    static void echo(Stream stream) throws IOException {
        stream.inputStream().transferTo(stream.outputStream());
        stream.close();
    }

    /** What comes back of a text over a new stream. */
    String ask(Node other, String protocol, String text) throws IOException {
        try (Stream stream = swarm.openStream(other.swarm.self(), protocol)) {
            return exchange(stream, text);
        }
    }

    static String exchange(Stream stream, String text) throws IOException {
        stream.setReadTimeout(Duration.ofSeconds(10));
        stream.outputStream().write(text.getBytes());
        stream.closeWrite();
        return new String(stream.inputStream().readAllBytes());
    }

    boolean speaks(Node other, String protocol) {
        return swarm.identified(other.swarm.self()).filter(peer -> peer.protocols().contains(protocol)).isPresent();
    }

    @Override public void close() {
        swarm.close();
        deadlines.close();
        loops.close();
    }
}
