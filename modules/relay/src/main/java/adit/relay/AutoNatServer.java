package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A connected peer that can be asked.
 *
 * @param address where it is, of TCP over IP
 * @param isVersion2 else it speaks version 1 only
 */
record AutoNatServer(PeerId peer, Multiaddr address, boolean isVersion2) {
    /** Bytes of an address that neighbours share: an IPv4 /24, an IPv6 /48. */
    private static final int NETWORK_4 = 3;
    private static final int NETWORK_6 = 6;

    /** What has one vote: a network of the internet, since whoever has one has as many peers in it as he likes; else the peer itself. */
    Object voter() {
        if (!AddressScope.isPublic(address)) {
            return peer;
        }
        byte[] ip = address.toTcp().map(InetSocketAddress::getAddress).orElseThrow().getAddress();
        return ByteBuffer.wrap(ip, 0, ip.length == 4 ? NETWORK_4 : NETWORK_6);
    }
}
