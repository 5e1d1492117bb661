/** How a peer without a public address is reached: circuit relays, hole punching, reachability, port mapping. */
module adit.relay {
    requires transitive adit.swarm;
    exports adit.relay;
}
