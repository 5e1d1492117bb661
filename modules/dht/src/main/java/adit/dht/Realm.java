package adit.dht;

import adit.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Which network a table is of. The public one holds peers with public addresses only and tells nobody a private one; the local
 * one holds peers that are connected by a private address, as Kubo's LAN table does.
 */
enum Realm {
    PUBLIC("") {
        @Override boolean accepts(Multiaddr address) {
            return isPublic(address);
        }

        @Override boolean admits(Multiaddr remote) {
            return isDirect(remote) && isPublic(remote);
        }
    },
    LOCAL("/lan") {
        @Override boolean accepts(Multiaddr address) {
            return !isLoopback(address);
        }

        @Override boolean admits(Multiaddr remote) {
            return isDirect(remote) && !isPublic(remote);
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

    /** Blocks of IPv4 that are no public unicast addresses (IANA special-purpose registry), each an address and a length. */
    private static final int[][] NOT_PUBLIC = {
        {0x00000000, 8}, {0x0a000000, 8}, {0x64400000, 10}, {0x7f000000, 8}, {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24},
        {0xc0000200, 24}, {0xc0586300, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3}};

    /** Endings of names that no public resolver knows (RFC 6761, 6762, 8375). */
    private static final List<String> LOCAL_NAMES = List.of("localhost", ".localhost", ".local", ".home.arpa", ".internal", ".invalid", ".test");

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

    /** An address of the public internet; one through a relay is judged by the relay's. */
    static boolean isPublic(Multiaddr address) {
        Multiaddr.Component first = address.components().getFirst();
        return switch (first.protocol()) {
            case IP4, IP6 -> isPublic(InetAddress.ofLiteral(first.value()));
            case DNS, DNS4, DNS6, DNSADDR -> LOCAL_NAMES.stream().noneMatch(first.value()::endsWith);
            default -> false;
        };
    }

    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet4Address)) {
            // global unicast is 2000::/3; of it 2001:db8::/32 is for documentation
            return (bytes[0] & 0xe0) == 0x20 && ByteBuffer.wrap(bytes).getInt() != 0x20010db8;
        }
        int number = ByteBuffer.wrap(bytes).getInt();
        for (int[] block : NOT_PUBLIC) {
            if ((number ^ block[0]) >>> 32 - block[1] == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLoopback(Multiaddr address) {
        Multiaddr.Component first = address.components().getFirst();
        return switch (first.protocol()) {
            case IP4, IP6 -> InetAddress.ofLiteral(first.value()).isLoopbackAddress();
            default -> false;
        };
    }
}
