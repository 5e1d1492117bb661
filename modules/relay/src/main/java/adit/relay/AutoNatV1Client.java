package adit.relay;

import adit.identity.PeerId;
import adit.relay.AutoNatV1Message.Dial;
import adit.relay.AutoNatV1Message.DialResponse;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/** Asks servers that speak version 1 only: they tell of the node as a whole, and cannot prove what they say. */
final class AutoNatV1Client {
    /** Addresses told; go-libp2p dials no more than 16. */
    private static final int MAXIMUM_TOLD = 16;

    private final Swarm swarm;
    private final Duration timeout;
    private final Deadlines deadlines;

    AutoNatV1Client(Swarm swarm, Duration timeout, Deadlines deadlines) {
        this.swarm = swarm;
        this.timeout = timeout;
        this.deadlines = deadlines;
    }

    /** Blocks at most for the time-out after the stream is open. */
    AutoNatAnswer ask(PeerId server) throws IOException {
        Stream stream = swarm.openStream(server, AutoNatV1Message.PROTOCOL);
        try (Deadlines.Deadline _ = deadlines.after(timeout, stream::reset)) {
            new Dial(swarm.self(), swarm.announcedAddresses().stream().limit(MAXIMUM_TOLD).toList()).write(stream.outputStream());
            AutoNatV1Message answer = AutoNatV1Message.read(stream.inputStream());
            if (!(answer instanceof DialResponse response)) {
                throw new EOFException("no answer");
            }
            stream.close();
            return meaning(response);
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
    }

    private static AutoNatAnswer meaning(DialResponse response) throws IOException {
        return switch (response.status()) {
            case OK -> new AutoNatAnswer(null, Reachability.PUBLIC, "says that it has dialled this node" + (response.address() == null ? "" : " at " + response.address()));
            case E_DIAL_ERROR -> new AutoNatAnswer(null, Reachability.PRIVATE, "could not dial this node");
            case E_DIAL_REFUSED -> new AutoNatAnswer(null, Reachability.UNKNOWN, "would not dial this node: " + response.text());
            default -> throw new IOException(response.status() + " " + response.text());
        };
    }
}
