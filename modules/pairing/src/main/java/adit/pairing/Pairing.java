package adit.pairing;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.multiformats.Varint;
import adit.swarm.AddressBook;
import adit.swarm.AddressScope;
import adit.swarm.StreamQuota;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.ProtocolNotSupportedException;
import adit.transport.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Both sides of pairing. On a stream of {@link #ID}, A accepts what I offers:
 *
 * <pre>
 * A: number of the invitation 4, round 1          I: 0 or why not, round 1
 * A: round 2                                      I: 0 or why not, round 2     from here on the invitation is used up, whatever comes
 * A: round 3                                      I: 0 or why not, round 3, length as varint and the tunnel's name
 * </pre>
 *
 * Rounds are {@link Proof}'s. I tells nothing that depends on the secret before the invitation is used up, so each guess costs one. The protocol is served only
 * while there are invitations, and identify does not tell it. The monitor guards the open invitations.
 */
public final class Pairing implements AutoCloseable {
    /** Name of the protocol. */
    public static final String ID = "/adit/pair/1.0.0";

    /** Of a tunnel's name, in bytes. */
    private static final int MAXIMUM_NAME = 256;
    private static final int PER_PEER = 1;

    // what I answers before it goes on
    private static final int GO_ON = 0;
    private static final int NO_INVITATION = 1;
    private static final int WRONG_CODE = 2;
    private static final int FAILED = 3;
    private static final int BUSY = 4;

    private final Swarm swarm;
    private final PairingSettings settings;
    private final Deadlines deadlines;
    private final Log log;
    private final Map<Integer, Invitation> open = new HashMap<>();
    private final Semaphore exchanges;

    /** Serves nothing yet; swarm and deadlines stay their owner's to close, after this. */
    public Pairing(Swarm swarm, PairingSettings settings, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        this.settings = settings;
        this.deadlines = deadlines;
        this.log = log;
        exchanges = new Semaphore(settings.maximumExchanges());
    }

    // ---- the side that invites

    /**
     * Offers a tunnel to whoever has the code, once, for {@link PairingSettings#lifetime}.
     *
     * @param protocol the tunnel's name
     * @param admission runs when the code was proved, before the other side is told; may block
     * @throws IllegalStateException too many are open
     */
    public Invitation invite(String protocol, Invitation.Admission admission) {
        Invitation invitation = new Invitation(InvitationCode.create(swarm.self(), addresses()), protocol, admission);
        synchronized (this) {
            if (open.size() >= settings.maximumInvitations()) {
                throw new IllegalStateException(settings.maximumInvitations() + " invitations are open already");
            }
            if (open.isEmpty()) {
                swarm.handle(ID, false, new StreamQuota(PER_PEER, this::answer));
            }
            invitation.expireBy(deadlines.after(settings.lifetime(), () -> end(invitation, "nobody accepted it in time")));
            open.put(invitation.code().number(), invitation);
        }
        return invitation;
    }

    /** The code is worth nothing any more. Does nothing when the invitation has ended. */
    public void withdraw(Invitation invitation) {
        end(invitation, "it was withdrawn");
    }

    private void end(Invitation invitation, String why) {
        if (take(invitation.code().number()) != null) {
            invitation.end(null, new PairingException(why));
        }
    }

    /** What is nearest to the whole world first. */
    private List<Multiaddr> addresses() {
        return swarm.announcedAddresses().stream().flatMap(address -> address.withoutTrailingPeerId().stream())
                .sorted(Comparator.comparing(Pairing::distance)).toList();
    }

    private static int distance(Multiaddr address) {
        return AddressScope.isPublic(address) ? 0 : AddressScope.of(address).equals(Optional.of(AddressScope.LOOPBACK)) ? 2 : 1;
    }

    /** Whoever takes it uses it up; null when it is not open. */
    private synchronized Invitation take(int number) {
        Invitation taken = open.remove(number);
        if (taken != null && open.isEmpty()) {
            swarm.unhandle(ID);
        }
        return taken;
    }

    private synchronized Invitation look(int number) {
        return open.get(number);
    }

    private void answer(Stream stream) throws IOException {
        if (!exchanges.tryAcquire()) {
            stream.write(new byte[] {BUSY}, 0, 1);
            stream.close();
            return;
        }
        try (Deadlines.Deadline _ = deadlines.after(settings.exchangeTimeout(), stream::reset)) {
            Invitation invitation = look(ByteBuffer.wrap(bytes(stream.inputStream(), Integer.BYTES)).getInt());
            if (invitation == null) {
                refuse(stream, NO_INVITATION);
            } else {
                answer(stream, invitation);
            }
        } finally {
            exchanges.release();
        }
    }

    private void answer(Stream stream, Invitation invitation) throws IOException {
        PeerId peer = stream.connection().remotePeer();
        InputStream in = stream.inputStream();
        Proof proof = new Proof(swarm.self(), peer, invitation.code().secret());
        proof.readRound1(in);
        send(stream, GO_ON, proof.round1());
        proof.readRound2(in);
        if (take(invitation.code().number()) == null) {
            refuse(stream, NO_INVITATION);
            return;
        }
        try {
            send(stream, GO_ON, proof.round2());
            proof.readRound3(in);
        } catch (IOException wrong) {
            log.warn("the invitation to %s is burned, its code is worth nothing any more: peer %s: %s", invitation.protocol(), peer, wrong.getMessage());
            invitation.end(null, new PairingException("peer " + peer + " tried it with a wrong code or broke off, so it is burned", wrong));
            refuse(stream, WRONG_CODE);
            return;
        }
        admit(stream, invitation, peer, proof);
    }

    private void admit(Stream stream, Invitation invitation, PeerId peer, Proof proof) throws IOException {
        try {
            invitation.admission().admit(peer);
        } catch (IOException | RuntimeException failure) {
            invitation.end(null, new PairingException("peer " + peer + " had the code, but: " + failure.getMessage(), failure));
            refuse(stream, FAILED);
            return;
        }
        log.info("peer %s has accepted the invitation to %s", peer, invitation.protocol());
        invitation.end(peer, null);
        send(stream, GO_ON, proof.round3());
        Varint.writeLengthPrefixed(stream.outputStream(), invitation.protocol().getBytes(StandardCharsets.UTF_8));
        stream.close();
    }

    private static void send(Stream stream, int status, byte[] message) throws IOException {
        byte[] sent = new byte[1 + message.length];
        sent[0] = (byte) status;
        System.arraycopy(message, 0, sent, 1, message.length);
        stream.write(sent, 0, sent.length);
    }

    private static void refuse(Stream stream, int status) throws IOException {
        send(stream, status, new byte[0]);
        stream.close();
    }

    // ---- the side that accepts

    /**
     * Proves the code to its inviter, which then lets this node use a tunnel. Blocks: dials first where needed.
     *
     * @return the tunnel's name
     * @throws PairingException the inviter refuses, or has another secret
     * @throws IOException it cannot be reached
     */
    public String accept(InvitationCode code) throws IOException {
        swarm.addressBook().add(code.inviter(), code.addresses(), AddressBook.FOREVER);
        // what was served before may not be any more: ask
        swarm.protocolRefused(code.inviter(), ID);
        Stream stream;
        try {
            stream = swarm.openStream(code.inviter(), ID);
        } catch (ProtocolNotSupportedException noneOpen) {
            throw new PairingException(reason(NO_INVITATION), noneOpen);
        }
        Deadlines.Deadline limit = deadlines.after(settings.exchangeTimeout(), stream::reset);
        try (limit) {
            String protocol = prove(stream, code);
            stream.close();
            return protocol;
        } catch (IOException failure) {
            stream.reset();
            throw failure;
        }
    }

    private String prove(Stream stream, InvitationCode code) throws IOException {
        InputStream in = stream.inputStream();
        Proof proof = new Proof(swarm.self(), code.inviter(), code.secret());
        byte[] round1 = proof.round1();
        byte[] first = ByteBuffer.allocate(Integer.BYTES + round1.length).putInt(code.number()).put(round1).array();
        stream.write(first, 0, first.length);
        goOn(in);
        proof.readRound1(in);
        byte[] round2 = proof.round2();
        stream.write(round2, 0, round2.length);
        goOn(in);
        proof.readRound2(in);
        byte[] round3 = proof.round3();
        stream.write(round3, 0, round3.length);
        goOn(in);
        proof.readRound3(in);
        byte[] name = Varint.readLengthPrefixed(in, MAXIMUM_NAME);
        if (name == null) {
            throw new EOFException("the other side did not name the tunnel");
        }
        return new String(name, StandardCharsets.UTF_8);
    }

    private static void goOn(InputStream in) throws IOException {
        int status = bytes(in, 1)[0];
        if (status != GO_ON) {
            throw new PairingException(reason(status));
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case NO_INVITATION -> "the code has been used, has expired or was withdrawn";
            case WRONG_CODE -> "the code is not the one that was shown, and is burned now";
            case BUSY -> "the other side is busy with other pairings";
            default -> "the other side could not save the grant: its log says why";
        };
    }

    private static byte[] bytes(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the other side ended the exchange");
        }
        return bytes;
    }

    /** Withdraws all invitations. */
    @Override public void close() {
        List<Invitation> left;
        synchronized (this) {
            left = List.copyOf(open.values());
        }
        left.forEach(invitation -> end(invitation, "the daemon is shutting down"));
    }
}
