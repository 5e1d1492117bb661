package adit.transport;

/** How the bytes of a connection travel. */
public enum ConnectionPath {
    /** Dialled, or accepted, as any TCP connection. */
    DIRECT,
    /** Direct, made by both peers dialling each other at once (hole punching). */
    PUNCHED,
    /** Over a circuit that a relay keeps open. */
    RELAYED
}
