package adit.swarm;

import adit.transport.TransportSettings;
import java.time.Duration;

/** Transport settings with short times. */
final class Impatience {
    private Impatience() {}

    static TransportSettings handshake(Duration limit) {
        TransportSettings usual = TransportSettings.defaults();
        return new TransportSettings(usual.security(), usual.dialTimeout(), limit, usual.keepAlive(), usual.pingTimeout(),
                usual.writeTimeout(), usual.maximumWindow(), usual.receiveBudget(), usual.maximumInboundStreams(),
                usual.maximumNegotiatingStreams(), usual.maximumUnacknowledgedStreams(), usual.maximumPendingHandshakes(),
                usual.bufferPool());
    }
}
