package adit.swarm;

/** How a NAT in front of this node translates its listening port, as far as peers tell (RFC 4787, section 4.1). */
public enum NatMapping {
    /** Fewer than two peers outside have told. */
    UNKNOWN,
    /** Peers see an address that this machine has. */
    NONE,
    /** All peers outside see the same address: a hole can be punched. */
    ENDPOINT_INDEPENDENT,
    /** Each sees another: a hole can only be punched to a peer whose NAT lets any port in. */
    ENDPOINT_DEPENDENT
}
