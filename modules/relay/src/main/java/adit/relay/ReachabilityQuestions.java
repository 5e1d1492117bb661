package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whom to ask about what, and what is believed. Knows no network and no clock; not thread-safe. */
final class ReachabilityQuestions {
    /** Addresses that are asked about. */
    static final int MAXIMUM_ADDRESSES = 16;
    /** Addresses in one request; go-libp2p's number. */
    static final int MAXIMUM_ASKED_ABOUT = 10;
    /** Servers remembered as asked; of more the one asked longest ago is forgotten. */
    private static final int MAXIMUM_ASKED = 1024;

    /**
     * One request to be made.
     *
     * @param addresses the one in question first, then others that are worth asking about; empty in version 1, which is about all
     */
    record Question(AutoNatServer server, List<Multiaddr> addresses) {}

    private final AutoNatSettings settings;
    private final Map<Multiaddr, ReachabilityVotes> addresses = new LinkedHashMap<>();
    private final ReachabilityVotes whole;
    private final Map<PeerId, Long> asked = new LinkedHashMap<>();
    /** How often the question is out; the key null stands for the node as a whole. */
    private final Map<Multiaddr, Integer> open = new HashMap<>();

    ReachabilityQuestions(AutoNatSettings settings) {
        this.settings = settings;
        whole = new ReachabilityVotes(settings.refreshInterval());
    }

    // ---- what is believed

    /**
     * By version 2 if that tells anything: public with one public address, private when all that is known is not reached.
     *
     * @param before what was believed; a private node whose addresses come and go, as a NAT makes them, stays private
     */
    Reachability reachability(Reachability before) {
        Set<Reachability> beliefs = EnumSet.noneOf(Reachability.class);
        addresses.values().forEach(votes -> beliefs.add(votes.belief()));
        Reachability now = whole.belief();
        if (beliefs.contains(Reachability.PUBLIC)) {
            now = Reachability.PUBLIC;
        } else if (beliefs.contains(Reachability.PRIVATE)) {
            boolean isDoubtful = addresses.values().stream().anyMatch(votes -> votes.belief() == Reachability.UNKNOWN && votes.reached() > 0);
            now = isDoubtful ? Reachability.UNKNOWN : Reachability.PRIVATE;
        }
        return now == Reachability.UNKNOWN && before == Reachability.PRIVATE ? before : now;
    }

    List<AddressReachability> addresses() {
        return addresses.entrySet().stream().map(each -> new AddressReachability(each.getKey(), each.getValue().belief(),
                each.getValue().reached(), each.getValue().unreached())).toList();
    }

    /** What so many servers have reached that it is worth telling everybody. */
    List<Multiaddr> proved() {
        return addresses.entrySet().stream().filter(each -> each.getValue().belief() == Reachability.PUBLIC
                && each.getValue().reached() - each.getValue().unreached() >= ReachabilityVotes.WANTED).map(Map.Entry::getKey).toList();
    }

    // ---- whom to ask

    /** These are the addresses in question from now on; what is known of others is forgotten. */
    void use(Collection<Multiaddr> candidates) {
        List<Multiaddr> kept = candidates.stream().limit(MAXIMUM_ADDRESSES).toList();
        addresses.keySet().retainAll(kept);
        kept.forEach(address -> addresses.computeIfAbsent(address, a -> new ReachabilityVotes(settings.refreshInterval())));
    }

    void makeOld(long now) {
        addresses.values().forEach(votes -> votes.makeOld(now));
        whole.makeOld(now);
        asked.clear();
    }

    /** What is to be asked now; each counts as open until its answer is taken. */
    List<Question> next(List<AutoNatServer> servers, long now) {
        List<AutoNatServer> free = new ArrayList<>(servers.stream().filter(server -> isFree(server, now)).toList());
        Collections.shuffle(free);
        List<Question> questions = new ArrayList<>();
        for (Multiaddr address : addresses.keySet()) {
            ask(address, addresses.get(address), free, questions, now);
        }
        ask(null, whole, free, questions, now);
        return questions;
    }

    private boolean isFree(AutoNatServer server, long now) {
        Long last = asked.get(server.peer());
        return last == null || now - last >= settings.serverPause().toNanos();
    }

    private void ask(Multiaddr address, ReachabilityVotes votes, List<AutoNatServer> free, List<Question> questions, long now) {
        int missing = votes.missing(now) - open.getOrDefault(address, 0);
        for (; missing > 0 && open.values().stream().mapToInt(Integer::intValue).sum() < settings.requestsAtOnce(); missing--) {
            AutoNatServer server = free.stream().filter(each -> canTell(each, address, votes, now)).findFirst().orElse(null);
            if (server == null) {
                return;
            }
            free.removeIf(each -> each.voter().equals(server.voter()));
            asked.remove(server.peer());
            asked.put(server.peer(), now);
            if (asked.size() > MAXIMUM_ASKED) {
                asked.remove(asked.keySet().iterator().next());
            }
            open.merge(address, 1, Integer::sum);
            questions.add(new Question(server, address == null ? List.of() : wanted(address, now)));
        }
    }

    /** Version 1 is for servers that have no other, and for all when there is no address to ask about. */
    private boolean canTell(AutoNatServer server, Multiaddr address, ReachabilityVotes votes, long now) {
        boolean isRightVersion = address == null ? !server.isVersion2() || addresses.isEmpty() : server.isVersion2();
        return isRightVersion && votes.wants(server.voter(), now);
    }

    private List<Multiaddr> wanted(Multiaddr first, long now) {
        List<Multiaddr> all = new ArrayList<>(List.of(first));
        addresses.forEach((address, votes) -> {
            if (!address.equals(first) && all.size() < MAXIMUM_ASKED_ABOUT && votes.missing(now) > 0) {
                all.add(address);
            }
        });
        return all;
    }

    /** Takes an answer in; null when there was none. */
    void take(Question question, AutoNatAnswer answer, long now) {
        Multiaddr first = question.addresses().isEmpty() ? null : question.addresses().getFirst();
        open.merge(first, -1, (before, less) -> before > 1 ? before - 1 : null);
        if (answer == null) {
            return;
        }
        ReachabilityVotes votes = first == null ? whole : addresses.get(answer.address());
        if (votes != null && answer.reachability() != Reachability.UNKNOWN) {
            votes.add(question.server().voter(), answer.reachability() == Reachability.PUBLIC, now);
        }
        if (addresses.containsKey(first) && !first.equals(answer.address())) {
            addresses.get(first).addRefusal(now);
        }
    }
}
