/** Finding peers by nothing but their id: Kademlia, bootstrap, /dnsaddr, mDNS. */
module adit.dht {
    requires transitive adit.swarm;
    exports adit.dht;
}
