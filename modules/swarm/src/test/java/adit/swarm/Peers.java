package adit.swarm;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.util.Arrays;
import java.util.List;

/** Peers and addresses by the dozen. */
final class Peers {
    private Peers() {}

    static PeerId some() {
        return PrivateKey.generate().peerId();
    }

    static Multiaddr address(String text) {
        try {
            return Multiaddr.parse(text);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static List<Multiaddr> addresses(String... texts) {
        return Arrays.stream(texts).map(Peers::address).toList();
    }
}
