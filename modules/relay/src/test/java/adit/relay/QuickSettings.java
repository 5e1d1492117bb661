package adit.relay;

import java.time.Duration;

/** Settings for tests on loopback: limits as usual, times short. */
final class QuickSettings {
    static final Duration DIAL_TIMEOUT = Duration.ofMillis(1500);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(8);

    private QuickSettings() {}

    static AutoNatSettings local() {
        return of(true, 30, 3, 60, 12, 12);
    }

    /** With the rules of the internet: loopback is nothing that anybody dials. */
    static AutoNatSettings strict() {
        return of(false, 30, 3, 60, 12, 12);
    }

    static AutoNatSettings of(boolean hasLocalAddresses, int dials, int dialsPeer, int requests, int requestsPeer, int requestsData) {
        return new AutoNatSettings(AutoNatSettings.Service.ENABLED, Reachability.UNKNOWN, hasLocalAddresses, Duration.ofMinutes(1), dials, dialsPeer, DIAL_TIMEOUT,
                requests, requestsPeer, 2, requestsData, 30_000, 100_000, Duration.ofMillis(50), REQUEST_TIMEOUT, Duration.ofSeconds(3),
                Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMinutes(2), Duration.ofMinutes(15), 4);
    }
}
