package adit.dht;

/** Whether a node answers the requests of others (libp2p/specs kad-dht, "Client and server mode"). */
public enum DhtMode {
    /** It answers in the local network, and in the public one when it can be reached from there. */
    AUTO,
    /** It only asks. */
    CLIENT,
    /** It answers. */
    SERVER
}
