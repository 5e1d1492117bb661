package adit.relay;

import java.util.List;

/**
 * The two protocols of circuit relay v2 (libp2p/specs relay/circuit-v2.md) with what differs in their messages: the types, in
 * the order of their numbers, and the numbers of the fields.
 */
enum CircuitProtocol {
    /** Between a relay and a peer that reserves a place there, or connects through it. */
    HOP("/libp2p/circuit/relay/0.2.0/hop", List.of(CircuitMessage.Type.RESERVE, CircuitMessage.Type.CONNECT, CircuitMessage.Type.STATUS), 4, 5),
    /** Between a relay and the peer whose reservation somebody connects to. */
    STOP("/libp2p/circuit/relay/0.2.0/stop", List.of(CircuitMessage.Type.CONNECT, CircuitMessage.Type.STATUS), 3, 4);

    private final String id;
    private final List<CircuitMessage.Type> types;
    private final int limitField;
    private final int statusField;

    CircuitProtocol(String id, List<CircuitMessage.Type> types, int limitField, int statusField) {
        this.id = id;
        this.types = types;
        this.limitField = limitField;
        this.statusField = statusField;
    }

    /** What multistream-select agrees on. */
    String id() {
        return id;
    }

    List<CircuitMessage.Type> types() {
        return types;
    }

    int limitField() {
        return limitField;
    }

    int statusField() {
        return statusField;
    }
}
