package adit.pairing;

import adit.identity.PeerId;
import adit.transport.Deadlines;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** One offer of one tunnel to whoever has its code. Ends once: accepted, burned, expired or withdrawn. The monitor guards the end. */
public final class Invitation {
    private final InvitationCode code;
    private final String protocol;
    private final Admission admission;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Deadlines.Deadline expiry;
    private PeerId accepted;
    private IOException failure;

    /** What lets a peer in. */
    @FunctionalInterface
    public interface Admission {
        /** @throws IOException it could not be done; the pairing fails on both sides with that reason */
        void admit(PeerId peer) throws IOException;
    }

    Invitation(InvitationCode code, String protocol, Admission admission) {
        this.code = code;
        this.protocol = protocol;
        this.admission = admission;
    }

    /** To be given to the one who is invited. */
    public InvitationCode code() {
        return code;
    }

    /** The tunnel's name. */
    public String protocol() {
        return protocol;
    }

    Admission admission() {
        return admission;
    }

    /**
     * Blocks until it has ended.
     *
     * @return who accepted
     * @throws PairingException nobody did: the message says why
     */
    public PeerId await() throws IOException, InterruptedException {
        ended.await();
        synchronized (this) {
            if (failure != null) {
                throw new PairingException(failure.getMessage(), failure);
            }
            return accepted;
        }
    }

    /** What is to end it, which then need not wait for its time. */
    synchronized void expireBy(Deadlines.Deadline deadline) {
        expiry = deadline;
    }

    /** The first end counts. */
    synchronized void end(PeerId peer, IOException why) {
        if (ended.getCount() > 0) {
            accepted = peer;
            failure = why;
            expiry.close();
            ended.countDown();
        }
    }
}
