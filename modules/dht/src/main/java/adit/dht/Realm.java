package adit.dht;

import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import java.util.List;

/**
 * Which network a table is of. The public one holds peers with public addresses only and tells nobody a private one; the local
 * one holds peers that are connected by a private address, as Kubo's LAN table does.
 */
enum Realm {
    PUBLIC("") {
        @Override boolean accepts(Multiaddr address) {
            return AddressScope.isPublic(address);
        }

        @Override boolean admits(Multiaddr remote) {
            return isDirect(remote) && AddressScope.isPublic(remote);
        }
    },
    LOCAL("/lan") {
        @Override boolean accepts(Multiaddr address) {
            return AddressScope.of(address).orElse(AddressScope.PUBLIC) != AddressScope.LOOPBACK;
        }

        @Override boolean admits(Multiaddr remote) {
            return isDirect(remote) && !AddressScope.isPublic(remote);
        }
    },
    /** {@link #LOCAL} with loopback addresses: several nodes on one machine. */
    LOCAL_WITH_LOOPBACK("/lan") {
        @Override boolean accepts(Multiaddr address) {
            return true;
        }

        @Override boolean admits(Multiaddr remote) {
            return LOCAL.admits(remote);
        }
    };

    private final String extension;

    Realm(String extension) {
        this.extension = extension;
    }

    /** The protocol's name under a network's prefix: /ipfs/kad/1.0.0. */
    String protocol(String prefix) {
        return prefix + extension + "/kad/1.0.0";
    }

    /** Whether such an address is told to others, or believed when it is told. */
    abstract boolean accepts(Multiaddr address);

    /** Whether a peer that is connected by this address belongs into the table. */
    abstract boolean admits(Multiaddr remote);

    List<Multiaddr> accepted(List<Multiaddr> addresses) {
        return addresses.stream().filter(this::accepts).distinct().limit(Message.MAXIMUM_ADDRESSES).toList();
    }

    private static boolean isDirect(Multiaddr address) {
        return !address.has(Multiaddr.Protocol.P2P_CIRCUIT);
    }
}
