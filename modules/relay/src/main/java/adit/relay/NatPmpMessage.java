package adit.relay;

import adit.multiformats.MalformedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An answer of NAT-PMP (RFC 6886, section 3): to the question for the external address, or for a TCP mapping.
 *
 * @param opcode {@link #ADDRESS} or {@link #MAP_TCP}
 * @param result 0 for success; otherwise what follows is empty
 * @param external address of the gateway; null in a mapping
 * @param port internal one of a mapping
 * @param externalPort of a mapping
 * @param lifetime of a mapping, seconds
 */
record NatPmpMessage(int opcode, int result, InetAddress external, int port, int externalPort, long lifetime) {
    static final int ADDRESS = 0;
    static final int MAP_TCP = 2;

    private static final int RESPONSE = 0x80;
    private static final int HEADER_BYTES = 8;
    private static final int ADDRESS_BYTES = 12;
    private static final int MAPPING_BYTES = 16;

    /** By number, section 3.5. */
    private static final String[] RESULTS = {"success", "it does not speak this version", "not authorized", "its own network is down",
        "no resources left", "unsupported opcode"};

    /** The question for the external address. */
    static byte[] addressRequest() {
        return new byte[] {0, ADDRESS};
    }

    /**
     * The question for a mapping.
     *
     * @param suggested external port that would be welcome
     * @param lifetime seconds; 0, with 0 suggested, removes the mapping
     */
    static byte[] mapRequest(int port, int suggested, int lifetime) {
        return ByteBuffer.allocate(12).put((byte) 0).put((byte) MAP_TCP).putShort((short) 0)
                .putShort((short) port).putShort((short) suggested).putInt(lifetime).array();
    }

    /** @throws MalformedException it is no answer in version 0 to one of the two */
    static NatPmpMessage parse(byte[] datagram) throws MalformedException {
        if (datagram.length < HEADER_BYTES) {
            throw new MalformedException("NAT-PMP: answer of " + datagram.length + " bytes");
        }
        ByteBuffer message = ByteBuffer.wrap(datagram);
        int version = message.get();
        int opcode = (message.get() & 0xff) - RESPONSE;
        int result = message.getShort() & 0xffff;
        message.getInt(); // seconds since the start of the epoch
        if (version != 0 || opcode != ADDRESS && opcode != MAP_TCP) {
            throw new MalformedException("NAT-PMP: no answer");
        }
        if (result != 0) {
            return new NatPmpMessage(opcode, result, null, 0, 0, 0);
        }
        if (datagram.length != (opcode == ADDRESS ? ADDRESS_BYTES : MAPPING_BYTES)) {
            throw new MalformedException("NAT-PMP: answer of " + datagram.length + " bytes");
        }
        if (opcode == MAP_TCP) {
            return new NatPmpMessage(opcode, 0, null, message.getShort() & 0xffff, message.getShort() & 0xffff, message.getInt() & 0xffff_ffffL);
        }
        byte[] address = new byte[4];
        message.get(address);
        try {
            return new NatPmpMessage(opcode, 0, InetAddress.getByAddress(address), 0, 0, 0);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The result in words. */
    String resultText() {
        return result < RESULTS.length ? RESULTS[result] : "error " + result;
    }
}
