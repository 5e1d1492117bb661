package adit.dht;

/**
 * How a look-up searches.
 *
 * @param width peers wanted: the specification's k
 * @param parallel requests under way: the specification's α
 * @param paths disjoint paths (S/Kademlia): a peer is asked on one of them only, so that a hostile one leads one path astray
 * @param confirmed peers nearest to the target, known to a path, that must have answered for the path to end: β
 * @param maximumAsked requests in all: peers that invent nearer and nearer ones must not keep it going
 * @param perGroup peers of one {@link NetworkGroup} accepted from one answer, else none of the group is; 0 for any number
 */
record LookupSettings(int width, int parallel, int paths, int confirmed, int maximumAsked, int perGroup) {
    /** Kubo's numbers, and three paths. */
    static LookupSettings defaults(int perGroup) {
        return new LookupSettings(20, 10, 3, 3, 250, perGroup);
    }
}
