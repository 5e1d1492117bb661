package adit.transport;

/**
 * The yamux frame header, 12 bytes, big-endian (hashicorp/yamux spec.md; libp2p/specs yamux).
 *
 * <pre>
 *  0        1        2                 4                                   8
 * +--------+--------+-----------------+-----------------------------------+-----------------------------------+
 * | version|  type  |      flags      |             stream id             |              length               |
 * +--------+--------+-----------------+-----------------------------------+-----------------------------------+
 * </pre>
 *
 * Length is the payload's for DATA, the credit for WINDOW_UPDATE, an opaque value for PING, a code for GO_AWAY.
 *
 * @param type one of the types below
 * @param flags any of the flags below
 * @param streamId 0 for PING and GO_AWAY; odd ids are the initiator's, even ones the responder's
 * @param length unsigned 32 bits
 */
record YamuxFrame(int type, int flags, long streamId, long length) {
    static final int HEADER = 12;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    /** Receive window of every stream before any update (spec: 256 KiB). */
    static final int INITIAL_WINDOW = 256 * 1024;

    static final int GO_AWAY_NORMAL = 0;
    static final int GO_AWAY_PROTOCOL_ERROR = 1;

    /** Writes the header at offset. */
    void encode(byte[] into, int offset) {
        into[offset] = 0;
        into[offset + 1] = (byte) type;
        into[offset + 2] = (byte) (flags >>> 8);
        into[offset + 3] = (byte) flags;
        putUnsigned32(into, offset + 4, streamId);
        putUnsigned32(into, offset + 8, length);
    }

    /** Reads the header at offset; types and flags that no specification knows are a violation. */
    static YamuxFrame decode(byte[] from, int offset) throws ProtocolViolation {
        if (from[offset] != 0) {
            throw new ProtocolViolation("yamux version " + from[offset] + " is not known");
        }
        int type = from[offset + 1];
        if (type < DATA || type > GO_AWAY) {
            throw new ProtocolViolation("yamux frame type " + type + " is not known");
        }
        int flags = (from[offset + 2] & 0xff) << 8 | from[offset + 3] & 0xff;
        return new YamuxFrame(type, flags, unsigned32(from, offset + 4), unsigned32(from, offset + 8));
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private static void putUnsigned32(byte[] into, int offset, long value) {
        for (int i = 0; i < 4; i++) {
            into[offset + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    private static long unsigned32(byte[] from, int offset) {
        long value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | from[offset + i] & 0xff;
        }
        return value;
    }
}
