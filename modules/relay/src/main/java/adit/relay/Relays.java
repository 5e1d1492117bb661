package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.Gate;
import adit.swarm.StreamQuota;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.util.List;
import java.util.Map;

/**
 * Reaches peers through relays, is reached through them, and replaces the relayed connections by direct ones. Thread-safe.
 */
public final class Relays implements AutoCloseable {
    /** Streams of one peer served at a time, and as many that wait. */
    private static final int STREAMS_PER_PEER = 16;

    private final RelayClient client;
    private final HolePunch punch;
    private final AutoRelay reservations;

    /**
     * How it stands with one relay of those that may hold a reservation.
     *
     * @param reservation null when there is none
     * @param failure why not, fit for a person; "" when nothing has failed
     */
    public record Standing(PeerId relay, Reservation reservation, String failure) {}

    /**
     * Serves circuits and hole punches from now on; nothing is reserved before {@link #reserve}.
     *
     * @param isPunching false leaves relayed connections as they are
     */
    public Relays(Swarm swarm, RelayClientSettings settings, boolean isPunching, Loops loops, Deadlines deadlines, Log log) {
        Log own = log.named("relay");
        punch = new HolePunch(swarm, new PunchAddresses(swarm), settings, loops, deadlines, own);
        client = new RelayClient(swarm, settings, deadlines, own, isPunching ? punch::upgrade : connection -> { },
                isPunching ? punch::expect : peer -> { });
        swarm.dialer().dialCircuitsBy(client::dial);
        swarm.handle(CircuitProtocol.STOP.id(), true, new StreamQuota(STREAMS_PER_PEER, client::answerStop), Gate.OPEN);
        if (isPunching) {
            swarm.handle(HolePunch.ID, true, new StreamQuota(STREAMS_PER_PEER, punch::answer), Gate.OPEN);
        }
        reservations = new AutoRelay(swarm, client, settings, loops, own);
        reservations.onChange(swarm.ownAddresses().also(reservations::addresses));
    }

    /**
     * Holds reservations from now on, at these relays, with their addresses; when there are none, at peers that turn out to be relays, once it is
     * known that this node cannot be dialled.
     */
    public void reserve(Map<PeerId, List<Multiaddr>> named) {
        reservations.start(named);
    }

    /** Whether others can dial this node: then nothing is reserved, else it is. */
    public void reachable(boolean isPublic) {
        reservations.want(!isPublic);
    }

    /** The network has changed: relays that failed are asked again at once. */
    public void retry() {
        reservations.retryAll();
    }

    /** How it stands with each relay that may be asked. */
    public List<Standing> standings() {
        return reservations.standings();
    }

    @Override public void close() {
        reservations.close();
    }
}
