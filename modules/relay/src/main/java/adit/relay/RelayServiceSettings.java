package adit.relay;

import adit.identity.PeerId;
import java.time.Duration;
import java.util.Set;

/**
 * Limits and timeouts of the relay service; the defaults are those of go-libp2p.
 *
 * @param limit of one circuit
 * @param reservationLife a reservation ends after so long unless it is renewed
 * @param maximumReservations of all peers
 * @param maximumReservationsPerAddress from one IPv4 address, or one IPv6 /64
 * @param maximumReservationsPerNetwork from one IPv4 /24, or one IPv6 /48
 * @param maximumCircuits of all peers
 * @param maximumCircuitsPerPeer that begin or end at one peer
 * @param maximumCircuitsPerAddress to one peer from one IPv4 address, or one IPv6 /64
 * @param bufferSize of each direction of a circuit, bytes; at most {@link adit.transport.Stream#MAXIMUM_PAYLOAD} are used, and a busy
 *        circuit without a limit takes as much
 * @param requestTimeout from the opening of a stream to its request, and for an answer to leave
 * @param connectTimeout for the peer that is connected to, to take or refuse a circuit
 * @param unlimited peers whose circuits have no limit, whoever connects, and whose reservations are always taken
 */
public record RelayServiceSettings(
        RelayLimit limit,
        Duration reservationLife,
        int maximumReservations,
        int maximumReservationsPerAddress,
        int maximumReservationsPerNetwork,
        int maximumCircuits,
        int maximumCircuitsPerPeer,
        int maximumCircuitsPerAddress,
        int bufferSize,
        Duration requestTimeout,
        Duration connectTimeout,
        Set<PeerId> unlimited) {

    /** Copies the set. */
    public RelayServiceSettings {
        unlimited = Set.copyOf(unlimited);
    }

    /** What the daemon uses unless told otherwise. */
    public static RelayServiceSettings defaults() {
        return new RelayServiceSettings(new RelayLimit(Duration.ofMinutes(2), 128 * 1024), Duration.ofHours(1), 128, 8, 32, 512, 16, 8, 2048,
                Duration.ofMinutes(1), Duration.ofSeconds(30), Set.of());
    }

    /** The limit of a circuit between two peers. */
    RelayLimit limit(PeerId source, PeerId target) {
        return unlimited.contains(source) || unlimited.contains(target) ? RelayLimit.NONE : limit;
    }
}
