package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.relay.AutoNatV1Message.Dial;
import adit.relay.AutoNatV1Message.DialResponse;
import adit.relay.AutoNatV1Message.Status;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Serves version 1: dials the peer that asks at its own IP address and nowhere else, whatever it names ("MUST NOT dial any
 * multiaddress unless it is based on the IP address the requesting node is observed as"), as go-libp2p does.
 */
final class AutoNatV1Server implements StreamHandler {
    /** Addresses dialled for one request; go-libp2p's number. */
    static final int MAXIMUM_DIALS = 16;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final AutoNatSettings settings;
    private final DialBackRule rule;
    private final DialBackDialler dialler;
    private final RequestThrottle throttle;
    private final Deadlines deadlines;

    AutoNatV1Server(AutoNatSettings settings, DialBackRule rule, DialBackDialler dialler, RequestThrottle throttle, Deadlines deadlines) {
        this.settings = settings;
        this.rule = rule;
        this.dialler = dialler;
        this.throttle = throttle;
        this.deadlines = deadlines;
    }

    @Override public void handle(Stream stream) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(READ_TIMEOUT.plus(settings.dialTimeout()), stream::reset)) {
            if (!(read(stream) instanceof Dial dial)) {
                throw new MalformedException("autonat: not a request");
            }
            answer(stream.connection(), dial).write(stream.outputStream());
            stream.close();
        }
    }

    private AutoNatV1Message read(Stream stream) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(READ_TIMEOUT, stream::reset)) {
            return AutoNatV1Message.read(stream.inputStream());
        }
    }

    private DialResponse answer(Connection connection, Dial dial) throws IOException {
        PeerId peer = connection.remotePeer();
        Multiaddr observed = connection.remoteAddress();
        if (dial.peer() != null && !dial.peer().equals(peer)) {
            return new DialResponse(Status.E_BAD_REQUEST, "peer id mismatch", null);
        }
        if (!rule.allows(observed)) {
            return new DialResponse(Status.E_DIAL_REFUSED, "refusing to dial peer with blocked observed address", null);
        }
        if (!throttle.admits(peer)) {
            return new DialResponse(Status.E_DIAL_REFUSED, "too many dials", null);
        }
        return dialled(peer, dialable(observed, dial.addresses()));
    }

    /** The address of the connection first, then what is asked for, at the same IP address. */
    private static Set<Multiaddr> dialable(Multiaddr observed, List<Multiaddr> asked) {
        InetAddress ip = observed.toTcp().orElseThrow().getAddress();
        Set<Multiaddr> addresses = new LinkedHashSet<>(Set.of(observed));
        for (Multiaddr address : asked) {
            int port = address.toTcp().map(InetSocketAddress::getPort).orElse(0);
            if (port > 0 && addresses.size() < MAXIMUM_DIALS) {
                addresses.add(Multiaddr.ofTcp(new InetSocketAddress(ip, port)));
            }
        }
        return addresses;
    }

    private DialResponse dialled(PeerId peer, Set<Multiaddr> addresses) throws IOException {
        long end = System.nanoTime() + settings.dialTimeout().toNanos();
        for (Multiaddr address : addresses) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (!left.isPositive()) {
                break;
            }
            try {
                dialler.dial(address, peer, left).close("dialled to see whether that works");
                return new DialResponse(Status.OK, "", address);
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
        // how long a dial takes to fail would tell what is there: nobody scans ports through this node
        await(end - System.nanoTime());
        return new DialResponse(Status.E_DIAL_ERROR, "dial failed", null);
    }

    private static void await(long nanoseconds) throws InterruptedIOException {
        try {
            new CountDownLatch(1).await(nanoseconds, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an answer was held back");
        }
    }
}
