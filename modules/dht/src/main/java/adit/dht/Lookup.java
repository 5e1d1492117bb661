package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The search for the peers nearest to a key (libp2p/specs kad-dht, "Peer routing") as a state machine: it says whom to ask,
 * and is told what came of it. It knows neither threads nor clocks, so that the network and a simulation drive the same code.
 * Not thread-safe.
 *
 * <p>It goes on along disjoint paths, each with the peers that were first heard of on it. A path ends when the nearest
 * {@code confirmed} of its peers have answered, or when what it could still ask is farther than {@code width} peers that
 * answered. Then those of the nearest that were not asked yet are asked, so that the answer holds nobody who is dead.
 */
final class Lookup {
    /** What is known of a peer. */
    private enum State { HEARD, ASKED, ANSWERED, FAILED }

    private enum Phase { CONVERGING, CHECKING, OVER }

    /** Addresses kept of one peer: several peers may tell different ones. */
    private static final int MAXIMUM_ADDRESSES = 2 * Message.MAXIMUM_ADDRESSES;

    private static final class Candidate {
        private final PeerId id;
        private final Key key;
        private final int hops;
        private final Set<Multiaddr> addresses = new LinkedHashSet<>();
        private int path;
        private State state = State.HEARD;
        private boolean isRetried;

        Candidate(PeerId id, Key key, int path, int hops) {
            this.id = id;
            this.key = key;
            this.path = path;
            this.hops = hops;
        }

        KnownPeer peer() {
            return new KnownPeer(id, List.copyOf(addresses));
        }

        boolean is(State wanted) {
            return state == wanted;
        }
    }

    private final Key target;
    private final LookupSettings settings;
    private final Set<PeerId> excluded;
    private final Comparator<Candidate> nearestFirst;
    private final Map<PeerId, Candidate> seen = new HashMap<>();
    private final TreeSet<Candidate> ranked;
    private final List<TreeSet<Candidate>> paths = new ArrayList<>();
    private Phase phase = Phase.CONVERGING;
    private int asked;
    private int running;
    private int hops;

    /**
     * @param excluded never asked: this node, and the peer looked for, which need not speak the protocol
     * @param seeds where to begin, the nearest first
     */
    Lookup(Key target, LookupSettings settings, Set<PeerId> excluded, List<KnownPeer> seeds) {
        this.target = target;
        this.settings = settings;
        this.excluded = Set.copyOf(excluded);
        nearestFirst = (left, right) -> target.compareDistances(left.key, right.key);
        ranked = new TreeSet<>(nearestFirst);
        for (int path = 0; path < settings.paths(); path++) {
            paths.add(new TreeSet<>(nearestFirst));
        }
        for (int i = 0; i < seeds.size(); i++) {
            hear(seeds.get(i), i % settings.paths(), 0);
        }
        advance();
    }

    // ---- what the driver does

    /** Whom to ask now; null when nobody, because enough are asked or the search is over. */
    KnownPeer next() {
        if (phase == Phase.OVER || running >= settings.parallel() || asked >= settings.maximumAsked()) {
            return null;
        }
        Candidate next = phase == Phase.CONVERGING ? nextOfPaths() : firstOf(nearest(), State.HEARD);
        if (next == null) {
            return null;
        }
        next.state = State.ASKED;
        asked++;
        running++;
        return next.peer();
    }

    /** The peer has answered with others nearer to the target. */
    void answered(PeerId from, List<KnownPeer> closer) {
        Candidate candidate = seen.get(from);
        if (candidate == null || !candidate.is(State.ASKED)) {
            return;
        }
        running--;
        candidate.state = State.ANSWERED;
        hops = Math.max(hops, candidate.hops);
        for (KnownPeer peer : diverse(closer)) {
            hear(peer, candidate.path, candidate.hops + 1);
        }
        advance();
    }

    /** The peer could not be reached or did not answer. */
    void failed(PeerId from) {
        Candidate candidate = seen.get(from);
        if (candidate != null && candidate.is(State.ASKED)) {
            running--;
            candidate.state = State.FAILED;
            advance();
        }
    }

    /** Nothing more is asked, and answers still to come are not waited for. */
    void stop() {
        phase = Phase.OVER;
    }

    /** True when the search has come to its end. */
    boolean isOver() {
        return phase == Phase.OVER;
    }

    // ---- what has been found

    /** The nearest peers that answered, the nearest first, at most {@code width}. */
    List<KnownPeer> closest() {
        return ranked.stream().filter(candidate -> candidate.is(State.ANSWERED)).limit(settings.width()).map(Candidate::peer).toList();
    }

    /** How many peers answered. */
    int answers() {
        return (int) seen.values().stream().filter(candidate -> candidate.is(State.ANSWERED)).count();
    }

    /** How many peers were asked. */
    int asked() {
        return asked;
    }

    /** The longest chain of peers that each told of the next, that was needed: 0 when only the seeds answered. */
    int hops() {
        return hops;
    }

    // ---- inside

    private void hear(KnownPeer peer, int path, int atHops) {
        if (excluded.contains(peer.id())) {
            return;
        }
        Candidate known = seen.get(peer.id());
        if (known == null) {
            Candidate added = new Candidate(peer.id(), Key.of(peer.id()), path, atHops);
            addAddresses(added, peer.addresses());
            seen.put(peer.id(), added);
            ranked.add(added);
            paths.get(path).add(added);
        } else if (addAddresses(known, peer.addresses()) && known.is(State.FAILED) && !known.isRetried) {
            // who told of it first may have lied about where it is
            known.isRetried = true;
            known.state = State.HEARD;
            paths.get(known.path).remove(known);
            known.path = path;
            paths.get(path).add(known);
        }
    }

    /** True when one of them is new. */
    private static boolean addAddresses(Candidate candidate, Collection<Multiaddr> addresses) {
        boolean isNew = false;
        for (Multiaddr address : addresses) {
            isNew |= candidate.addresses.size() < MAXIMUM_ADDRESSES && candidate.addresses.add(address);
        }
        return isNew;
    }

    /** Without the peers of a neighbourhood that is there too often: who answers so wants to keep the search to itself. */
    private List<KnownPeer> diverse(List<KnownPeer> peers) {
        if (settings.perGroup() == 0) {
            return peers;
        }
        Map<NetworkGroup, Integer> counts = new HashMap<>();
        for (KnownPeer peer : peers) {
            groups(peer).forEach(group -> counts.merge(group, 1, Integer::sum));
        }
        return peers.stream().filter(peer -> groups(peer).stream().allMatch(group -> counts.get(group) <= settings.perGroup())).toList();
    }

    private static Set<NetworkGroup> groups(KnownPeer peer) {
        Set<NetworkGroup> groups = new HashSet<>();
        peer.addresses().forEach(address -> NetworkGroup.of(address).ifPresent(groups::add));
        return groups;
    }

    /** The path with the fewest requests under way goes first. */
    private Candidate nextOfPaths() {
        Candidate best = null;
        long fewest = Long.MAX_VALUE;
        Candidate farthest = farthestUseful();
        for (TreeSet<Candidate> path : paths) {
            Candidate candidate = isEnded(path, farthest) ? null : firstOf(path, State.HEARD);
            long under = candidate == null ? Long.MAX_VALUE : path.stream().filter(each -> each.is(State.ASKED)).count();
            if (candidate != null && under < fewest) {
                best = candidate;
                fewest = under;
            }
        }
        return best;
    }

    private static Candidate firstOf(Collection<Candidate> candidates, State state) {
        for (Candidate candidate : candidates) {
            if (candidate.is(state)) {
                return candidate;
            }
        }
        return null;
    }

    /** The last of the {@code width} nearest that answered; null while there are fewer. */
    private Candidate farthestUseful() {
        int count = 0;
        for (Candidate candidate : ranked) {
            if (candidate.is(State.ANSWERED) && ++count == settings.width()) {
                return candidate;
            }
        }
        return null;
    }

    private boolean isEnded(TreeSet<Candidate> path, Candidate farthest) {
        int answered = 0;
        for (Candidate candidate : path) {
            if (farthest != null && nearestFirst.compare(candidate, farthest) > 0) {
                return true;
            }
            if (candidate.is(State.ANSWERED)) {
                if (++answered >= settings.confirmed()) {
                    return true;
                }
            } else if (!candidate.is(State.FAILED)) {
                return false;
            }
        }
        return true;
    }

    /** The nearest that have not failed. */
    private List<Candidate> nearest() {
        return ranked.stream().filter(candidate -> !candidate.is(State.FAILED)).limit(settings.width()).toList();
    }

    private void advance() {
        if (phase == Phase.CONVERGING) {
            Candidate farthest = farthestUseful();
            if (paths.stream().allMatch(path -> isEnded(path, farthest))) {
                phase = Phase.CHECKING;
            }
        }
        boolean mayAsk = asked < settings.maximumAsked();
        if (phase == Phase.CHECKING && nearest().stream().noneMatch(each -> each.is(State.ASKED) || mayAsk && each.is(State.HEARD))) {
            phase = Phase.OVER;
        }
        if (!mayAsk && running == 0) {
            phase = Phase.OVER;
        }
    }
}
