/** The node: connections per peer, dialling, address book, identify, ping, limits. */
module adit.swarm {
    requires transitive adit.transport;
    exports adit.swarm;
}
