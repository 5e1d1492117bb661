/** Pairing: a one-time code lets another machine use one tunnel, and both know each other's peer id from then on. */
module adit.pairing {
    requires transitive adit.swarm;
    requires org.bouncycastle.provider;
    exports adit.pairing;
}
