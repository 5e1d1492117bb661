package adit.swarm;

import java.net.InetAddress;

/**
 * The IP addresses that begin with the same bits as the first one (RFC 4632).
 *
 * @param bits that count; more than an address has mean all of them
 */
public record IpNetwork(InetAddress first, int bits) {
    /** @param first in text, an address and no name */
    static IpNetwork of(String first, int bits) {
        return new IpNetwork(InetAddress.ofLiteral(first), bits);
    }

    /** False for an address of the other version of IP. */
    public boolean contains(InetAddress address) {
        byte[] ours = first.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < Math.min(bits, ours.length * Byte.SIZE); bit++) {
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & 0x80 >> bit % Byte.SIZE) != 0) {
                return false;
            }
        }
        return true;
    }
}
