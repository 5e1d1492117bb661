package adit.relay;

/** Whether peers of the public network can dial this node, as far as is known. */
public enum Reachability { UNKNOWN, PUBLIC, PRIVATE }
