/** Tunnels: listeners, forwarders, the copy loop, counters. */
module adit.tunnel {
    requires transitive adit.swarm;
    requires jdk.net;
    exports adit.tunnel;
}
