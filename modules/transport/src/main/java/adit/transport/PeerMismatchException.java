package adit.transport;

import adit.identity.PeerId;
import java.io.IOException;

/** The peer that answered at an address proved another identity than the one dialled. */
public final class PeerMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Both ids appear in the message. */
    public PeerMismatchException(PeerId expected, PeerId actual) {
        super("expected peer " + expected + " but " + actual + " answered");
    }
}
