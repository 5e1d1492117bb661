package adit.transport;

import adit.multiformats.MalformedException;
import adit.multiformats.Varint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * multistream-select 1.0 (multiformats/multistream-select, libp2p connections specification, section
 * "multistream-select"). Every call blocks until the remote peer has answered and never reads beyond its own messages.
 * What the remote peer sends against the rules is a {@link MalformedException}; names of its protocols in messages of
 * exceptions are printable.
 */
public final class Multistream {
    /*
     * message: length  unsigned varint, bytes that follow, 1 to 1024
     *          text    UTF-8: "/multistream/1.0.0" first, then a protocol id or "na"
     *          '\n'
     */
    private static final int MAXIMUM_MESSAGE_BYTES = 1024;

    /** Proposals answered with "na" before we give up: a peer must not keep us busy guessing. */
    private static final int MAXIMUM_PROPOSALS = 32;

    private static final String HEADER = "/multistream/1.0.0";
    private static final String NOT_AVAILABLE = "na";
    private static final int HEADER_BYTES = HEADER.length() + 1;

    private Multistream() {}

    /**
     * Initiator: proposes the protocols in order until one is accepted; header and first proposal leave in one write.
     *
     * @param protocols at least one, each at most 1023 bytes in UTF-8
     * @return the protocol agreed on
     * @throws ProtocolNotSupportedException all are refused
     */
    public static String propose(InputStream in, OutputStream out, List<String> protocols) throws IOException {
        boolean first = true;
        for (String protocol : protocols) {
            send(out, first ? proposal(protocol) : message(protocol));
            if (first) {
                readHeader(in);
                first = false;
            }
            if (isAccepted(in, protocol)) {
                return protocol;
            }
        }
        throw new ProtocolNotSupportedException("the remote peer speaks none of " + String.join(", ", protocols));
    }

    /**
     * Responder: answers "na" to what is not supported (so also to "ls"), a bounded number of times. Header and first
     * answer leave in one write where {@link InputStream#available} tells that the proposal came with the header.
     *
     * @return the protocol agreed on
     * @throws ProtocolNotSupportedException the remote peer gave up, or proposed too often
     */
    public static String accept(InputStream in, OutputStream out, Predicate<String> supported) throws IOException {
        readHeader(in);
        byte[] pending = message(HEADER);
        if (in.available() == 0) {
            // Some initiators wait for our header before they propose.
            send(out, pending);
            pending = new byte[0];
        }
        String refused = "";
        for (int proposals = 0; proposals < MAXIMUM_PROPOSALS; proposals++) {
            String protocol = readMessage(in, MAXIMUM_MESSAGE_BYTES);
            if (protocol == null) {
                throw new ProtocolNotSupportedException(
                        refused.isEmpty() ? "the remote peer proposed no protocol" : "not supported here: " + refused);
            }
            boolean accepted = supported.test(protocol);
            send(out, join(pending, message(accepted ? protocol : NOT_AVAILABLE)));
            pending = new byte[0];
            if (accepted) {
                return protocol;
            }
            refused = printable(protocol);
        }
        throw new ProtocolNotSupportedException("the remote peer proposed too many protocols, last " + refused);
    }

    /** Header and proposal as bytes, for a lazy open. */
    static byte[] proposal(String protocol) {
        return join(message(HEADER), message(protocol));
    }

    /**
     * Reads header and answer to a lazy proposal.
     *
     * @throws ProtocolNotSupportedException the answer is "na"
     */
    static void readAnswer(InputStream in, String protocol) throws IOException {
        readHeader(in);
        if (!isAccepted(in, protocol)) {
            throw new ProtocolNotSupportedException("the remote peer does not speak " + protocol);
        }
    }

    private static void readHeader(InputStream in) throws IOException {
        // The limit turns away at once who speaks another protocol: its first byte is no such length.
        String header = readMessage(in, HEADER_BYTES);
        if (header == null) {
            throw new EOFException("the remote peer ended before multistream-select");
        }
        if (!header.equals(HEADER)) {
            throw new MalformedException("multistream-select begins with " + printable(header));
        }
    }

    private static boolean isAccepted(InputStream in, String protocol) throws IOException {
        String answer = readMessage(in, MAXIMUM_MESSAGE_BYTES);
        if (answer == null) {
            throw new EOFException("the remote peer ended without an answer to " + protocol);
        }
        if (answer.equals(NOT_AVAILABLE)) {
            return false;
        }
        if (!answer.equals(protocol)) {
            throw new MalformedException("multistream-select answers " + protocol + " with " + printable(answer));
        }
        return true;
    }

    /** The text of the next message; null at a clean end before its first byte. */
    private static String readMessage(InputStream in, int limit) throws IOException {
        byte[] message = Varint.readLengthPrefixed(in, limit);
        if (message == null) {
            return null;
        }
        int length = message.length - 1;
        if (length < 0 || message[length] != '\n') {
            throw new MalformedException("multistream-select message without its newline");
        }
        try {
            // Strictly: two ids that differ on the wire must not become one here.
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("multistream-select message is not UTF-8", e);
        }
    }

    private static byte[] message(String text) {
        byte[] bytes = (text + '\n').getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAXIMUM_MESSAGE_BYTES) {
            throw new IllegalArgumentException("protocol id longer than " + (MAXIMUM_MESSAGE_BYTES - 1) + " bytes");
        }
        return join(Varint.encode(bytes.length), bytes);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static void send(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** What a peer sent, safe for a terminal and a log. */
    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
