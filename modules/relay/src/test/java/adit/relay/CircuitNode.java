package adit.relay;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.swarm.SwarmSettings;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A real swarm on loopback that speaks both protocols of circuits by hand; a relay once {@link #serve} has been called. */
final class CircuitNode implements AutoCloseable {
    final PrivateKey identity = PrivateKey.generate();
    final Loops loops = new Loops(0);
    final Deadlines deadlines = new Deadlines();
    final Swarm swarm;
    final Multiaddr address;
    RelayService service;

    /** What a relay has answered on a stream that is left open. */
    record Answer(Stream stream, CircuitMessage message) {}

    CircuitNode() throws IOException {
        swarm = new Swarm(identity, SwarmSettings.defaults(), TransportSettings.defaults(), new BufferPool(16), loops, deadlines, Log.silent());
        address = swarm.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    }

    PeerId id() {
        return swarm.self();
    }

    CircuitNode serve(RelayServiceSettings settings) {
        service = new RelayService(swarm, identity, settings, loops, deadlines, Log.silent());
        service.start();
        return this;
    }

    /** As a peer that has a reservation: takes every circuit, and serves it so. */
    CircuitNode taking(StreamHandler handler) {
        swarm.handle(CircuitProtocol.STOP.id(), true, stream -> {
            CircuitMessage.read(CircuitProtocol.STOP, stream.inputStream());
            CircuitMessage.status(CircuitStatus.OK).write(CircuitProtocol.STOP, stream.outputStream());
            handler.handle(stream);
        });
        return this;
    }

    CircuitNode echoing() {
        return taking(stream -> {
            stream.inputStream().transferTo(stream.outputStream());
            stream.close();
        });
    }

    /** Asks a relay and reads its answer. */
    Answer ask(CircuitNode relay, CircuitMessage request) throws IOException {
        swarm.addressBook().add(relay.id(), List.of(relay.address), AddressBook.FOREVER);
        Stream stream = swarm.openStream(relay.id(), CircuitProtocol.HOP.id());
        stream.setReadTimeout(Duration.ofSeconds(20));
        request.write(CircuitProtocol.HOP, stream.outputStream());
        return new Answer(stream, CircuitMessage.read(CircuitProtocol.HOP, stream.inputStream()));
    }

    CircuitMessage reserve(CircuitNode relay) throws IOException {
        Answer answer = ask(relay, CircuitMessage.reserve());
        answer.stream().close();
        return answer.message();
    }

    CircuitStatus reserveStatus(CircuitNode relay) throws IOException {
        return reserve(relay).status();
    }

    Answer connect(CircuitNode relay, CircuitNode target) throws IOException {
        return ask(relay, CircuitMessage.connect(target.id(), RelayLimit.NONE));
    }

    CircuitStatus connectStatus(CircuitNode relay, CircuitNode target) throws IOException {
        return connect(relay, target).message().status();
    }

    /** The caller's @Timeout ends a wait that is in vain. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                monitor.wait(2);
            }
        }
    }

    @Override public void close() {
        if (service != null) {
            service.close();
        }
        swarm.close();
        deadlines.close();
        loops.close();
    }
}
