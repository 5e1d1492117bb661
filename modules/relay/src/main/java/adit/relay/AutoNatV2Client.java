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
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Direction;
import adit.transport.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks servers that speak version 2, and is dialled back. That an address is reached is believed only when the nonce has come on a
 * connection that somebody else has dialled; that it is not, nobody can prove. Thread-safe.
 */
final class AutoNatV2Client {
    private final Swarm swarm;
    private final AutoNatSettings settings;
    private final Deadlines deadlines;
    private final SecureRandom random = new SecureRandom();
    /** As many as requests are under way. */
    private final Map<Long, CompletableFuture<Multiaddr>> nonces = new ConcurrentHashMap<>();

    AutoNatV2Client(Swarm swarm, AutoNatSettings settings, Deadlines deadlines) {
        this.swarm = swarm;
        this.settings = settings;
        this.deadlines = deadlines;
    }

    /**
     * Asks to dial the first address that the server can. Blocks for about the request's time-out at most.
     *
     * @param addresses the most wanted first
     * @throws IOException the server does not answer, or not truthfully
     */
    AutoNatAnswer ask(PeerId server, List<Multiaddr> addresses) throws IOException {
        long nonce = random.nextLong();
        CompletableFuture<Multiaddr> told = new CompletableFuture<>();
        nonces.put(nonce, told);
        try {
            DialResponse response = response(server, new DialRequest(addresses.stream().map(Optional::of).toList(), nonce));
            if (response.status() == ResponseStatus.E_DIAL_REFUSED) {
                return new AutoNatAnswer(null, Reachability.UNKNOWN, "would not dial any of " + addresses.size() + " addresses");
            }
            if (response.status() != ResponseStatus.OK) {
                throw new IOException(response.status().toString());
            }
            return meaning(response, place(response.addressIndex(), addresses), told);
        } finally {
            nonces.remove(nonce);
        }
    }

    private DialResponse response(PeerId server, DialRequest request) throws IOException {
        Stream stream = swarm.openStream(server, AutoNatV2Message.DIAL_REQUEST);
        try (Deadlines.Deadline _ = deadlines.after(settings.requestTimeout().plus(settings.nonceTimeout()), stream::reset)) {
            request.write(stream.outputStream());
            AutoNatV2Message answer = AutoNatV2Message.read(stream.inputStream());
            if (answer instanceof DialDataRequest wanted) {
                sendData(stream, wanted, request.addresses().size());
                answer = AutoNatV2Message.read(stream.inputStream());
            }
            if (!(answer instanceof DialResponse response)) {
                throw new EOFException("no answer");
            }
            stream.close();
            return response;
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
    }

    private void sendData(Stream stream, DialDataRequest wanted, int addresses) throws IOException {
        if (wanted.addressIndex() < 0 || wanted.addressIndex() >= addresses || wanted.bytes() < 0 || wanted.bytes() > settings.maximumData()) {
            throw new MalformedException("asks for " + Long.toUnsignedString(wanted.bytes()) + " bytes");
        }
        DialDataResponse piece = new DialDataResponse(AutoNatV2Message.MAXIMUM_DATA);
        for (long left = wanted.bytes(); left > 0; left -= piece.bytes()) {
            piece.write(stream.outputStream());
        }
    }

    private static Multiaddr place(long index, List<Multiaddr> addresses) throws MalformedException {
        if (index < 0 || index >= addresses.size()) {
            throw new MalformedException("tells of an address that it was not asked for");
        }
        return addresses.get((int) index);
    }

    private AutoNatAnswer meaning(DialResponse response, Multiaddr address, CompletableFuture<Multiaddr> told) throws IOException {
        boolean isReached = response.dialStatus() != DialStatus.E_DIAL_ERROR && isTold(address, told);
        if (isReached) {
            return new AutoNatAnswer(address, Reachability.PUBLIC, "has dialled it");
        }
        if (response.dialStatus() == DialStatus.E_DIAL_ERROR) {
            return new AutoNatAnswer(address, Reachability.PRIVATE, "could not dial it");
        }
        throw new IOException("says " + response.dialStatus() + " but has not come by that address");
    }

    /** Whether the nonce has come, or comes in a moment, on a connection that may have been dialled by that address. */
    private boolean isTold(Multiaddr address, CompletableFuture<Multiaddr> told) {
        Multiaddr local = told.completeOnTimeout(null, settings.nonceTimeout().toNanos(), TimeUnit.NANOSECONDS).join();
        return local != null && local.components().getFirst().protocol() == address.components().getFirst().protocol();
    }

    /** Serves {@link AutoNatV2Message#DIAL_BACK}: a nonce that nobody waits for ends the stream. */
    void receiveDialBack(Stream stream) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(settings.nonceTimeout(), stream::reset)) {
            byte[] message = Varint.readLengthPrefixed(stream.inputStream(), AutoNatV2Message.MAXIMUM_DIAL_BACK);
            if (message == null) {
                throw new EOFException("no nonce");
            }
            Connection connection = stream.connection();
            CompletableFuture<Multiaddr> told = nonces.get(AutoNatV2Message.parseDialBack(message));
            // on a connection dialled from here the nonce proves nothing
            if (told == null || connection.direction() != Direction.INBOUND || connection.remoteAddress().toTcp().isEmpty()) {
                throw new MalformedException("a nonce that was not to come here");
            }
            told.complete(connection.localAddress());
            Varint.writeLengthPrefixed(stream.outputStream(), AutoNatV2Message.dialBackResponse());
            stream.close();
        }
    }
}
