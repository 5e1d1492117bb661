package adit.relay;

import adit.identity.PeerId;
import java.io.IOException;
import java.io.Serial;

/** A relay has answered, and the answer is no. */
final class RelayRefusedException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    RelayRefusedException(PeerId relay, CircuitStatus status) {
        super("the relay " + relay + " refuses: " + words(status));
    }

    private static String words(CircuitStatus status) {
        if (status.equals(CircuitStatus.NO_RESERVATION)) {
            return "the peer has no reservation there (NO_RESERVATION)";
        }
        if (status.equals(CircuitStatus.RESOURCE_LIMIT_EXCEEDED)) {
            return "it is full (RESOURCE_LIMIT_EXCEEDED)";
        }
        return status.equals(CircuitStatus.CONNECTION_FAILED) ? "it cannot reach the peer (CONNECTION_FAILED)" : status.toString();
    }
}
