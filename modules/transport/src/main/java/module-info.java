/** Authenticated, multiplexed connections over TCP: multistream-select, TLS 1.3, Noise, yamux. */
module adit.transport {
    requires transitive adit.identity;
    requires org.bouncycastle.provider;
    requires jdk.net;
    exports adit.transport;
}
