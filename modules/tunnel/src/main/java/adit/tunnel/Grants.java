package adit.tunnel;

import adit.identity.PeerId;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may use a listener: anyone, or those granted it, who may be none. Immutable.
 *
 * @param isAnyone whether every peer may
 * @param byPeer empty when anyone may; keeps the order of granting; those that have ended stay until others need the room
 */
public record Grants(boolean isAnyone, Map<PeerId, Grant> byPeer) {
    /** Peers of one listener. */
    public static final int MAXIMUM = 1000;

    /** Every peer that knows the protocol's name. */
    public static final Grants ANYONE = new Grants(true, Map.of());

    /** Copies the map. */
    public Grants {
        if (byPeer.size() > MAXIMUM) {
            throw new IllegalArgumentException("at most " + MAXIMUM + " peers can be allowed to use one listener, not " + byPeer.size());
        }
        byPeer = Collections.unmodifiableMap(new LinkedHashMap<>(byPeer));
    }

    /**
     * Only these; of two for one peer the later counts.
     *
     * @throws IllegalArgumentException more than {@link #MAXIMUM}
     */
    public static Grants only(Collection<Grant> grants) {
        Map<PeerId, Grant> byPeer = new LinkedHashMap<>();
        grants.forEach(grant -> byPeer.put(grant.peer(), grant));
        return new Grants(false, byPeer);
    }

    /** In the order of granting; empty when anyone may. */
    public List<Grant> list() {
        return List.copyOf(byPeer.values());
    }

    /** Whether the peer may use the listener now. */
    public boolean admits(PeerId peer, Instant now) {
        Grant grant = byPeer.get(peer);
        return isAnyone || grant != null && grant.isValid(now);
    }

    /**
     * The same and this one, in place of an older one of its peer.
     *
     * @throws IllegalArgumentException more than {@link #MAXIMUM} that have not ended
     */
    public Grants with(Grant grant, Instant now) {
        Map<PeerId, Grant> changed = new LinkedHashMap<>(byPeer);
        if (changed.size() >= MAXIMUM) {
            changed.values().removeIf(each -> !each.isValid(now));
        }
        changed.put(grant.peer(), grant);
        return new Grants(false, changed);
    }

    /** The same without this peer's. */
    public Grants without(PeerId peer) {
        Map<PeerId, Grant> changed = new LinkedHashMap<>(byPeer);
        changed.remove(peer);
        return new Grants(isAnyone, changed);
    }

    /** When the next one ends; null when none will. */
    Instant nextEnd(Instant now) {
        return byPeer.values().stream().map(Grant::until).filter(until -> until != null && now.isBefore(until))
                .min(Instant::compareTo).orElse(null);
    }
}
