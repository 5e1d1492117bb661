package adit.relay;

import adit.identity.PeerId;
import java.time.Duration;
import java.util.Set;

/** Settings of a relay with one thing changed. */
final class RelayLimits {
    private static final RelayServiceSettings USUAL = RelayServiceSettings.defaults();

    private RelayLimits() {}

    /** Room for many peers of one machine. */
    static RelayServiceSettings wide() {
        return reservations(USUAL.reservationLife(), 128, 128, 128);
    }

    static RelayServiceSettings of(RelayLimit limit) {
        return settings(limit, USUAL.reservationLife(), 128, 128, 128, 512, 16, 16, USUAL.connectTimeout(), Set.of());
    }

    static RelayServiceSettings reservations(Duration life, int all, int perAddress, int perNetwork) {
        return settings(USUAL.limit(), life, all, perAddress, perNetwork, 512, 16, 16, USUAL.connectTimeout(), Set.of());
    }

    static RelayServiceSettings circuits(int all, int perPeer, int perAddress) {
        return settings(USUAL.limit(), USUAL.reservationLife(), 128, 128, 128, all, perPeer, perAddress, USUAL.connectTimeout(), Set.of());
    }

    static RelayServiceSettings impatient(Duration timeout) {
        return settings(USUAL.limit(), USUAL.reservationLife(), 128, 128, 128, 512, 16, 16, timeout, Set.of());
    }

    /** For those peers no limits, for others no place. */
    static RelayServiceSettings only(PeerId... unlimited) {
        return settings(new RelayLimit(Duration.ofSeconds(1), 10), USUAL.reservationLife(), 0, 0, 0, 512, 16, 0, USUAL.connectTimeout(), Set.of(unlimited));
    }

    private static RelayServiceSettings settings(RelayLimit limit, Duration life, int all, int perAddress, int perNetwork, int circuits,
            int circuitsPerPeer, int circuitsPerAddress, Duration timeout, Set<PeerId> unlimited) {
        return new RelayServiceSettings(limit, life, all, perAddress, perNetwork, circuits, circuitsPerPeer, circuitsPerAddress, 2048, timeout, timeout,
                unlimited);
    }
}
