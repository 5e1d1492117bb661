package adit.relay;

import java.util.Map;

/**
 * What a relay, or the peer behind it, answers (libp2p/specs relay/circuit-v2.md, "Status"). A code that is not known here stays
 * what it is: whoever reads it knows at least that it is not {@link #OK}.
 */
record CircuitStatus(int code) {
    static final CircuitStatus UNUSED = new CircuitStatus(0);
    static final CircuitStatus OK = new CircuitStatus(100);
    static final CircuitStatus RESERVATION_REFUSED = new CircuitStatus(200);
    static final CircuitStatus RESOURCE_LIMIT_EXCEEDED = new CircuitStatus(201);
    static final CircuitStatus PERMISSION_DENIED = new CircuitStatus(202);
    static final CircuitStatus CONNECTION_FAILED = new CircuitStatus(203);
    static final CircuitStatus NO_RESERVATION = new CircuitStatus(204);
    static final CircuitStatus MALFORMED_MESSAGE = new CircuitStatus(400);
    static final CircuitStatus UNEXPECTED_MESSAGE = new CircuitStatus(401);

    private static final Map<Integer, String> NAMES = Map.of(0, "UNUSED", 100, "OK", 200, "RESERVATION_REFUSED", 201, "RESOURCE_LIMIT_EXCEEDED",
            202, "PERMISSION_DENIED", 203, "CONNECTION_FAILED", 204, "NO_RESERVATION", 400, "MALFORMED_MESSAGE", 401, "UNEXPECTED_MESSAGE");

    /** The name in the specification, else the number. */
    @Override public String toString() {
        return NAMES.getOrDefault(code, "status " + code);
    }
}
