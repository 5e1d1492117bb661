package adit.tunnel;

import java.time.Instant;

/** A listener or a forwarder, as `ls` shows it. */
public sealed interface Tunnel permits Listener, Forwarder {
    /** The tunnel's name, "/x/ssh". */
    String protocol();

    /** Where connections come from: "/p2p/SELF" for a listener, the bound local address for a forwarder. */
    String listenAddress();

    /** Where they go: the service's address for a listener, "/p2p/PEER" for a forwarder. */
    String targetAddress();

    /** What each peer may take of it. */
    Limits limits();

    /** When it was set up. */
    Instant opened();

    /** Live and past connections and their bytes. */
    Counters counters();

    /** Why the last connection failed, "" when none has. */
    String lastError();
}
