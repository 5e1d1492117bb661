package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The peers this node asks first: for each length of prefix that a key can share with this node's, a bucket of at most k
 * (libp2p/specs kad-dht, "Kademlia routing table"). Who is in stays in while it answers: a full bucket takes nobody, but
 * remembers who could take the place of one that is removed. So an attacker cannot push good peers out, and of one
 * neighbourhood of addresses only few get in. Time is what the caller says it is, nanoseconds. Thread-safe; the monitor
 * guards all.
 */
final class RoutingTable {
    /** What came of an offer. */
    enum Outcome { ADDED, KNOWN, WAITING, REFUSED }

    /**
     * A peer in the table.
     *
     * @param group of the address it was seen at
     * @param answeredAt when it last answered a request
     */
    record Member(KnownPeer peer, Key key, Optional<NetworkGroup> group, long answeredAt) {
        PeerId id() {
            return peer.id();
        }

        Member answered(long now) {
            return new Member(peer, key, group, now);
        }

        Member at(List<Multiaddr> addresses) {
            return new Member(new KnownPeer(peer.id(), addresses), key, group, answeredAt);
        }
    }

    private static final class Bucket {
        private final List<Member> members = new ArrayList<>();
        private final List<Member> waiting = new ArrayList<>();
    }

    private final Key self;
    private final int bucketSize;
    private final int perGroupTable;
    private final int perGroupBucket;
    private final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
    private final Map<Integer, Long> refreshAt = new HashMap<>();

    /**
     * @param bucketSize the specification's k
     * @param perGroupTable members of one {@link NetworkGroup} in the table; 0 for no limit on groups at all
     * @param perGroupBucket members of one group in a bucket
     */
    RoutingTable(Key self, int bucketSize, int perGroupTable, int perGroupBucket) {
        this.self = self;
        this.bucketSize = bucketSize;
        this.perGroupTable = perGroupTable;
        this.perGroupBucket = perGroupBucket;
    }

    // ---- coming and going

    /** Whether an offer could lead into the table: it need not be verified otherwise. */
    synchronized boolean wants(PeerId peer) {
        Key key = Key.of(peer);
        Bucket bucket = buckets.get(self.commonPrefix(key));
        return !key.equals(self) && (bucket == null || find(bucket.members, peer) < 0 && bucket.members.size() < bucketSize);
    }

    /**
     * Offers a peer that has just answered.
     *
     * @param seenAt the remote address of a connection to it
     */
    synchronized Outcome offer(KnownPeer peer, Multiaddr seenAt, long now) {
        Key key = Key.of(peer.id());
        if (key.equals(self)) {
            return Outcome.REFUSED;
        }
        Member offered = new Member(peer, key, NetworkGroup.of(seenAt), now);
        Bucket bucket = buckets.computeIfAbsent(self.commonPrefix(key), prefix -> new Bucket());
        int place = find(bucket.members, peer.id());
        if (place >= 0) {
            Member known = bucket.members.get(place);
            bucket.members.set(place, new Member(peer.addresses().isEmpty() ? known.peer() : peer, key, known.group(), now));
            return Outcome.KNOWN;
        }
        if (bucket.members.size() < bucketSize && isDiverseLocked(offered, bucket)) {
            bucket.members.add(offered);
            forgetWaitingLocked(bucket, peer.id());
            return Outcome.ADDED;
        }
        if (bucket.members.size() < bucketSize) {
            return Outcome.REFUSED;
        }
        forgetWaitingLocked(bucket, peer.id());
        bucket.waiting.add(offered);
        if (bucket.waiting.size() > bucketSize) {
            bucket.waiting.removeFirst();
        }
        return Outcome.WAITING;
    }

    private boolean isDiverseLocked(Member offered, Bucket bucket) {
        if (perGroupTable == 0) {
            return true;
        }
        return offered.group().isPresent() && count(bucket.members, offered) < perGroupBucket
                && buckets.values().stream().mapToLong(each -> count(each.members, offered)).sum() < perGroupTable;
    }

    private static long count(List<Member> members, Member like) {
        return members.stream().filter(member -> member.group().equals(like.group())).count();
    }

    private static int find(List<Member> members, PeerId peer) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).id().equals(peer)) {
                return i;
            }
        }
        return -1;
    }

    private static void forgetWaitingLocked(Bucket bucket, PeerId peer) {
        bucket.waiting.removeIf(member -> member.id().equals(peer));
    }

    /** It does not answer or does not speak the protocol any more: the one that waits for its place since the shortest time gets it. */
    synchronized boolean remove(PeerId peer) {
        Bucket bucket = buckets.get(self.commonPrefix(Key.of(peer)));
        if (bucket == null) {
            return false;
        }
        forgetWaitingLocked(bucket, peer);
        int place = find(bucket.members, peer);
        if (place < 0) {
            return false;
        }
        bucket.members.remove(place);
        for (int i = bucket.waiting.size() - 1; i >= 0; i--) {
            if (isDiverseLocked(bucket.waiting.get(i), bucket)) {
                bucket.members.add(bucket.waiting.remove(i));
                break;
            }
        }
        return true;
    }

    /** It answered a request. */
    synchronized void answered(PeerId peer, long now) {
        change(peer, member -> member.answered(now));
    }

    /** It tells new addresses of itself. */
    synchronized void moved(PeerId peer, List<Multiaddr> addresses) {
        if (!addresses.isEmpty()) {
            change(peer, member -> member.at(addresses));
        }
    }

    private void change(PeerId peer, java.util.function.UnaryOperator<Member> change) {
        Bucket bucket = buckets.get(self.commonPrefix(Key.of(peer)));
        int place = bucket == null ? -1 : find(bucket.members, peer);
        if (place >= 0) {
            bucket.members.set(place, change.apply(bucket.members.get(place)));
        }
    }

    // ---- looking

    /** Members nearest to a key, the nearest first. */
    synchronized List<Member> nearest(Key target, int count) {
        List<Member> nearest = new ArrayList<>();
        int shared = self.commonPrefix(target);
        // who differs from this node where the target does is nearer to it than who does not; then the deeper buckets together
        collect(target, count, nearest, buckets.containsKey(shared) ? List.of(buckets.get(shared)) : List.of());
        collect(target, count, nearest, buckets.tailMap(shared, false).values());
        for (Bucket bucket : buckets.headMap(shared, false).descendingMap().values()) {
            collect(target, count, nearest, List.of(bucket));
        }
        return nearest;
    }

    private static void collect(Key target, int count, List<Member> into, Iterable<Bucket> from) {
        if (into.size() >= count) {
            return;
        }
        List<Member> found = new ArrayList<>();
        from.forEach(bucket -> found.addAll(bucket.members));
        found.sort(Comparator.comparing(Member::key, target::compareDistances));
        into.addAll(found.subList(0, Math.min(found.size(), count - into.size())));
    }

    synchronized List<Member> members() {
        return buckets.values().stream().flatMap(bucket -> bucket.members.stream()).toList();
    }

    synchronized Optional<Member> member(PeerId peer) {
        Bucket bucket = buckets.get(self.commonPrefix(Key.of(peer)));
        int place = bucket == null ? -1 : find(bucket.members, peer);
        return place < 0 ? Optional.empty() : Optional.of(bucket.members.get(place));
    }

    synchronized int size() {
        return buckets.values().stream().mapToInt(bucket -> bucket.members.size()).sum();
    }

    // ---- upkeep

    /** Members that have not answered for so long: they are to be asked, and removed when they do not answer. */
    synchronized List<Member> silent(long now, long nanoseconds) {
        return members().stream().filter(member -> now - member.answeredAt() > nanoseconds).toList();
    }

    /** Prefix lengths whose buckets are to be refreshed, up to the deepest that has members and one more, at most to the given one. */
    synchronized List<Integer> refreshDue(long now, int deepest) {
        int end = -1;
        for (Map.Entry<Integer, Bucket> bucket : buckets.entrySet()) {
            end = bucket.getValue().members.isEmpty() ? end : bucket.getKey();
        }
        List<Integer> due = new ArrayList<>();
        for (int prefix = 0; prefix <= Math.min(end + 1, deepest) && end >= 0; prefix++) {
            Long next = refreshAt.get(prefix);
            if (next == null || now - next > 0) {
                due.add(prefix);
            }
        }
        return due;
    }

    /** A look-up for a key that shares so many bits with this node's has come to its end; the next is due then. */
    synchronized void refreshed(int prefix, long next) {
        refreshAt.put(prefix, next);
    }
}
