package adit.swarm;

import java.time.Duration;

/** Settings with some limits changed; times short enough for tests. */
final class TestSettings {
    private TestSettings() {}

    static SwarmSettings quick() {
        return limits(256, 8, 8, Duration.ofMillis(100));
    }

    static SwarmSettings limits(int connections, int perPeer, int perNetwork, Duration grace) {
        return new SwarmSettings("adit/test", Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(250), 8,
                Duration.ofSeconds(10), Duration.ofSeconds(10), connections, perPeer, perNetwork, grace, 32, 2048, AnnouncePolicy.NONE);
    }

    static SwarmSettings book(int addresses, int peers) {
        SwarmSettings usual = SwarmSettings.defaults();
        return new SwarmSettings("adit/test", usual.connectTimeout(), usual.openTimeout(), usual.dialStagger(), usual.parallelDials(),
                usual.identifyTimeout(), usual.pingTimeout(), usual.maximumConnections(), usual.maximumConnectionsPerPeer(),
                usual.maximumConnectionsPerNetwork(), usual.connectionGrace(), addresses, peers, AnnouncePolicy.NONE);
    }

    /** Little time for opening a stream, identify and ping. */
    static SwarmSettings impatient(Duration timeout) {
        return timeouts(quick().connectTimeout(), timeout);
    }

    /** Little time for reaching a peer. */
    static SwarmSettings impatientDialler(Duration timeout) {
        return timeouts(timeout, quick().openTimeout());
    }

    private static SwarmSettings timeouts(Duration connect, Duration others) {
        SwarmSettings usual = quick();
        return new SwarmSettings("adit/test", connect, others, usual.dialStagger(), usual.parallelDials(), others, others,
                usual.maximumConnections(), usual.maximumConnectionsPerPeer(), usual.maximumConnectionsPerNetwork(),
                usual.connectionGrace(), usual.maximumAddressesPeer(), usual.maximumPeers(), AnnouncePolicy.NONE);
    }
}
