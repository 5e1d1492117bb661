package adit.relay;

import adit.multiformats.MalformedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The answer to a MAP request of PCP (RFC 6887, sections 7.2 and 11.1), for TCP over IPv4.
 *
 * @param version 2; a server that speaks NAT-PMP alone answers in its own form with 0
 * @param result 0 for success
 * @param lifetime seconds: of the mapping, or of the error
 * @param nonce of the request; null, as what follows, in an answer in another version
 * @param port internal one
 * @param external where others reach it
 */
record PcpMessage(int version, int result, long lifetime, byte[] nonce, int port, InetSocketAddress external) {
    static final int NONCE_BYTES = 12;
    static final int UNSUPPORTED_VERSION = 1;

    private static final int VERSION = 2;
    private static final int MAP = 1;
    private static final int RESPONSE = 0x80;
    private static final int TCP = 6;
    private static final int HEADER_BYTES = 24;
    private static final int MAP_BYTES = 60;
    private static final int MAXIMUM_BYTES = 1100;
    private static final int ADDRESS_BYTES = 16;

    /** By number, section 7.4. */
    private static final String[] RESULTS = {"success", "it does not speak this version", "not authorized", "malformed request", "unsupported opcode",
        "unsupported option", "malformed option", "its own network is down", "no resources left", "unsupported transport protocol",
        "too many mappings of this machine", "the external address or port cannot be had", "there is another NAT on the way to it",
        "too many remote peers"};

    /**
     * A request.
     *
     * @param local this machine's address, which the server compares with the sender's
     * @param suggested external address and port that would be welcome; null for any
     * @param lifetime seconds; 0 removes the mapping
     */
    static byte[] request(byte[] nonce, InetAddress local, int port, InetSocketAddress suggested, int lifetime) {
        ByteBuffer message = ByteBuffer.allocate(MAP_BYTES);
        message.put((byte) VERSION).put((byte) MAP).putShort((short) 0).putInt(lifetime).put(mapped(local.getAddress()));
        message.put(nonce).put((byte) TCP).put(new byte[3]).putShort((short) port);
        message.putShort((short) (suggested == null ? port : suggested.getPort()));
        return message.put(mapped(suggested == null ? new byte[4] : suggested.getAddress().getAddress())).array();
    }

    /** ::ffff:a.b.c.d, as all IPv4 addresses are written here (section 5). */
    private static byte[] mapped(byte[] four) {
        return ByteBuffer.allocate(ADDRESS_BYTES).putShort(10, (short) -1).put(12, four).array();
    }

    /** @throws MalformedException it is no answer to a MAP request for TCP over IPv4 */
    static PcpMessage parse(byte[] datagram) throws MalformedException {
        if (datagram.length < 4 || datagram.length > MAXIMUM_BYTES) {
            throw new MalformedException("PCP: answer of " + datagram.length + " bytes");
        }
        ByteBuffer message = ByteBuffer.wrap(datagram);
        int version = message.get();
        int opcode = message.get() & 0xff;
        int result = message.getShort();
        if (version != VERSION && (opcode & RESPONSE) != 0 && (result & 0xff) == UNSUPPORTED_VERSION) {
            return new PcpMessage(version, UNSUPPORTED_VERSION, 0, null, 0, null);
        }
        if (version != VERSION || opcode != (RESPONSE | MAP) || datagram.length < MAP_BYTES || datagram.length % 4 != 0) {
            throw new MalformedException("PCP: no answer to a MAP request");
        }
        long lifetime = message.getInt() & 0xffff_ffffL;
        byte[] nonce = new byte[NONCE_BYTES];
        message.position(HEADER_BYTES).get(nonce);
        if (message.get() != TCP) {
            throw new MalformedException("PCP: an answer for another protocol than TCP");
        }
        int port = message.getShort(HEADER_BYTES + 16) & 0xffff;
        int externalPort = message.getShort(HEADER_BYTES + 18) & 0xffff;
        byte[] address = new byte[ADDRESS_BYTES];
        message.position(HEADER_BYTES + 20).get(address);
        return new PcpMessage(version, result & 0xff, lifetime, nonce, port, new InetSocketAddress(ip4(address), externalPort));
    }

    private static InetAddress ip4(byte[] address) throws MalformedException {
        byte[] four = Arrays.copyOfRange(address, 12, ADDRESS_BYTES);
        if (!Arrays.equals(mapped(four), address)) {
            throw new MalformedException("PCP: an external address that is not IPv4");
        }
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The result in words. */
    String resultText() {
        return result < RESULTS.length ? RESULTS[result] : "error " + result;
    }
}
