/** Who a peer is: keys, peer ids, signed envelopes, the key file. */
module adit.identity {
    requires transitive adit.multiformats;
    requires org.bouncycastle.provider;
    exports adit.identity;
}
