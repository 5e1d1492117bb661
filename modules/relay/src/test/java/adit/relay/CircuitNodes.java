package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Nodes that end with their test. */
abstract class CircuitNodes {
    private final List<CircuitNode> nodes = new ArrayList<>();

    CircuitNode node() throws IOException {
        CircuitNode node = new CircuitNode();
        nodes.add(node);
        return node;
    }

    CircuitNode relay(RelayServiceSettings settings) throws IOException {
        return node().serve(settings);
    }

    /** A peer that has a reservation. */
    CircuitNode target(CircuitNode relay) throws IOException {
        CircuitNode target = node().echoing();
        assertEquals(CircuitStatus.OK, target.reserveStatus(relay));
        return target;
    }

    @AfterEach void close() {
        nodes.forEach(CircuitNode::close);
    }
}
