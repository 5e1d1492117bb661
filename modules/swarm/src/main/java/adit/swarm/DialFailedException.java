package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A peer could not be reached: by none of its addresses, or none is known. */
public final class DialFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What came of one address; the reason is fit for a person. */
    public record Attempt(Multiaddr address, String reason) {}

    private final transient List<Attempt> attempts;

    /**
     * @param message the whole story for a log line
     * @param attempts one for each address tried, empty when none was known
     */
    public DialFailedException(String message, List<Attempt> attempts) {
        super(message);
        this.attempts = List.copyOf(attempts);
    }

    /** @param search what came of looking for addresses, "" when nobody looked */
    static DialFailedException noAddresses(PeerId peer, String search) {
        return new DialFailedException("no addresses known for " + peer + (search.isEmpty() ? "" : ": " + search)
                + "; give a full address, /ip4/…/tcp/…/p2p/" + peer, List.of());
    }

    static DialFailedException allFailed(PeerId peer, List<Attempt> attempts, String search) {
        if (attempts.isEmpty()) {
            return noAddresses(peer, search);
        }
        String story = attempts.stream().map(attempt -> attempt.address() + ": " + attempt.reason()).collect(Collectors.joining("; "));
        return new DialFailedException("cannot reach " + peer + ": " + story + (search.isEmpty() ? "" : "; " + search), attempts);
    }

    /** What came of each address; empty when none is known. */
    public List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }
}
