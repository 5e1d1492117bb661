package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.Varint;
import adit.relay.AutoNatV2Message.DialDataRequest;
import adit.relay.AutoNatV2Message.DialDataResponse;
import adit.relay.AutoNatV2Message.DialRequest;
import adit.relay.AutoNatV2Message.DialResponse;
import adit.relay.AutoNatV2Message.DialStatus;
import adit.relay.AutoNatV2Message.ResponseStatus;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Serves version 2 (libp2p/specs autonat/autonat-v2.md): dials the first suitable address of a request, after the asking peer has paid
 * for it in bytes when the IP address is not its own ("Amplification Attack Prevention"). The monitor guards who is being served.
 */
final class AutoNatV2Server implements StreamHandler {
    /** A piece of the data must be worth reading unless it is the last one. */
    private static final int MINIMUM_PIECE = 100;

    private final AutoNatSettings settings;
    private final DialBackRule rule;
    private final DialBackDialler dialler;
    private final RequestThrottle throttle;
    private final RequestThrottle dataThrottle;
    private final Deadlines deadlines;
    private final Map<PeerId, Integer> served = new HashMap<>();

    /** @param dataThrottle for requests that need data, on top of the other */
    AutoNatV2Server(AutoNatSettings settings, DialBackRule rule, DialBackDialler dialler, RequestThrottle throttle, RequestThrottle dataThrottle,
            Deadlines deadlines) {
        this.settings = settings;
        this.rule = rule;
        this.dialler = dialler;
        this.throttle = throttle;
        this.dataThrottle = dataThrottle;
        this.deadlines = deadlines;
    }

    @Override public void handle(Stream stream) throws IOException {
        PeerId peer = stream.connection().remotePeer();
        long end = System.nanoTime() + settings.requestTimeout().toNanos();
        try (Deadlines.Deadline _ = deadlines.after(settings.requestTimeout(), stream::reset)) {
            if (!enter(peer)) {
                rejected().write(stream.outputStream());
            } else {
                try {
                    answer(stream, peer, end).write(stream.outputStream());
                } finally {
                    leave(peer);
                }
            }
            stream.close();
        }
    }

    private synchronized boolean enter(PeerId peer) {
        if (served.getOrDefault(peer, 0) >= settings.requestsParallel() || !throttle.admits(peer)) {
            return false;
        }
        served.merge(peer, 1, Integer::sum);
        return true;
    }

    private synchronized void leave(PeerId peer) {
        served.computeIfPresent(peer, (p, count) -> count > 1 ? count - 1 : null);
    }

    private static DialResponse rejected() {
        return new DialResponse(ResponseStatus.E_REQUEST_REJECTED, 0, DialStatus.UNUSED);
    }

    private DialResponse answer(Stream stream, PeerId peer, long end) throws IOException {
        if (!(AutoNatV2Message.read(stream.inputStream()) instanceof DialRequest request)) {
            throw new MalformedException("autonat: not a request");
        }
        int index = firstDialable(request.addresses());
        if (index < 0) {
            return new DialResponse(ResponseStatus.E_DIAL_REFUSED, 0, DialStatus.UNUSED);
        }
        Multiaddr address = request.addresses().get(index).orElseThrow();
        if (!DialBackRule.haveSameIp(address, stream.connection().remoteAddress())) {
            if (!dataThrottle.admits(peer)) {
                return rejected();
            }
            takeData(stream, index);
            await(ThreadLocalRandom.current().nextLong(settings.dataDelay().toNanos() + 1));
        }
        return new DialResponse(ResponseStatus.OK, index, dialBack(peer, address, request.nonce(), end));
    }

    private int firstDialable(List<Optional<Multiaddr>> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).filter(rule::allows).isPresent()) {
                return i;
            }
        }
        return -1;
    }

    /** The price of a dial to another's address: more bytes than the dial makes flow there. */
    private void takeData(Stream stream, int index) throws IOException {
        long left = ThreadLocalRandom.current().nextLong(settings.minimumData(), settings.maximumData() + 1L);
        new DialDataRequest(index, left).write(stream.outputStream());
        while (left > 0) {
            if (!(AutoNatV2Message.read(stream.inputStream()) instanceof DialDataResponse data)) {
                throw new MalformedException("autonat: not the data asked for");
            }
            left -= data.bytes();
            if (data.bytes() < MINIMUM_PIECE && left > 0) {
                throw new MalformedException("autonat: data in pieces of " + data.bytes() + " bytes");
            }
        }
    }

    private static void await(long nanoseconds) throws InterruptedIOException {
        try {
            new CountDownLatch(1).await(nanoseconds, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before a dial-back");
        }
    }

    private DialStatus dialBack(PeerId peer, Multiaddr address, long nonce, long end) {
        Duration left = Duration.ofNanos(Math.min(settings.dialBackTimeout().toNanos(), end - System.nanoTime()));
        Connection connection;
        try {
            connection = dialler.dial(address, peer, left);
        } catch (IOException e) {
            return DialStatus.E_DIAL_ERROR;
        }
        try {
            tellNonce(connection.openStream(), nonce);
            return DialStatus.OK;
        } catch (IOException e) {
            return DialStatus.E_DIAL_BACK_ERROR;
        } finally {
            connection.close("the dial-back is over");
        }
    }

    private void tellNonce(Stream stream, long nonce) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(settings.nonceTimeout(), stream::reset)) {
            Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(AutoNatV2Message.DIAL_BACK));
            Varint.writeLengthPrefixed(stream.outputStream(), AutoNatV2Message.dialBack(nonce));
            stream.closeWrite();
            awaitAnswer(stream);
        }
    }

    /** The answer says that the nonce has come before the connection ends; what it says, and whether it does, matters to the other side only. */
    private static void awaitAnswer(Stream stream) {
        try {
            stream.inputStream().read();
        } catch (IOException e) {
            // go-libp2p resets the stream when it has what it wants
        }
    }
}
