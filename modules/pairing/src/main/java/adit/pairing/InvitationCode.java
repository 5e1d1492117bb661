package adit.pairing;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.Multibase;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What one machine shows and the other one is given: who invites, where it may be found, and the one-time secret. As text "adit-" and base32,
 * whose case does not matter, of
 *
 * <pre>
 * version 1 | number 4 | secret 8 | length 1, peer id | count 1, { length 1, address } … | check 4
 * </pre>
 *
 * The check, the beginning of the SHA-256 of all before it, finds a slip before the invitation is burned by it.
 *
 * @param inviter whom to ask
 * @param number which of its invitations; a stranger who does not know it can burn none
 * @param secret {@link #SECRET_BYTES} that both prove to each other without sending them
 * @param addresses of the inviter, without its peer id; may be empty
 */
public record InvitationCode(PeerId inviter, int number, byte[] secret, List<Multiaddr> addresses) {
    static final int SECRET_BYTES = 8;
    /** Addresses that a code has room for, each of at most that many bytes. */
    static final int MAXIMUM_ADDRESSES = 4;
    static final int MAXIMUM_ADDRESS_BYTES = 120;

    private static final String PREFIX = "adit-";
    private static final int VERSION = 1;
    private static final int CHECK_BYTES = 4;
    private static final int MAXIMUM_CHARACTERS = 2000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one; of the addresses the first that it has room for. */
    static InvitationCode create(PeerId inviter, List<Multiaddr> addresses) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        List<Multiaddr> chosen = addresses.stream().filter(address -> address.toBytes().length <= MAXIMUM_ADDRESS_BYTES)
                .limit(MAXIMUM_ADDRESSES).toList();
        return new InvitationCode(inviter, RANDOM.nextInt(), secret, chosen);
    }

    /** @throws MalformedException it is no code, or not all of one */
    public static InvitationCode parse(String text) throws MalformedException {
        String code = text.strip().toLowerCase(Locale.ROOT);
        if (!code.startsWith(PREFIX) || code.length() > MAXIMUM_CHARACTERS) {
            throw new MalformedException("a code begins with " + PREFIX + ", as \"adit invite\" shows it");
        }
        byte[] bytes;
        try {
            bytes = Multibase.BASE32.decodeBare(code.substring(PREFIX.length()));
        } catch (MalformedException slip) {
            throw new MalformedException("the code is mistyped or cut off", slip);
        }
        int end = bytes.length - CHECK_BYTES;
        if (end <= 0 || !Arrays.equals(check(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new MalformedException("the code is mistyped or cut off");
        }
        return read(ByteBuffer.wrap(bytes, 0, end));
    }

    private static InvitationCode read(ByteBuffer from) throws MalformedException {
        if (from.get() != VERSION || from.remaining() < Integer.BYTES + SECRET_BYTES + 2) {
            throw new MalformedException("the code is of another version of adit");
        }
        int number = from.getInt();
        byte[] secret = new byte[SECRET_BYTES];
        from.get(secret);
        PeerId inviter = PeerId.fromBytes(part(from));
        List<Multiaddr> addresses = new ArrayList<>();
        for (int left = from.hasRemaining() ? from.get() & 0xff : 0; left > 0; left--) {
            addresses.add(Multiaddr.fromBytes(part(from)));
        }
        if (from.hasRemaining() || addresses.size() > MAXIMUM_ADDRESSES) {
            throw new MalformedException("the code is of another version of adit");
        }
        return new InvitationCode(inviter, number, secret, addresses);
    }

    private static byte[] part(ByteBuffer from) throws MalformedException {
        int length = from.hasRemaining() ? from.get() & 0xff : 0;
        if (length == 0 || length > from.remaining()) {
            throw new MalformedException("the code is of another version of adit");
        }
        byte[] part = new byte[length];
        from.get(part);
        return part;
    }

    private static byte[] check(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return Arrays.copyOf(digest.digest(), CHECK_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The code itself, a secret as long as the invitation is open. */
    public String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        bytes.writeBytes(secret);
        write(bytes, inviter.toBytes());
        bytes.write(addresses.size());
        addresses.forEach(address -> write(bytes, address.toBytes()));
        bytes.writeBytes(check(bytes.toByteArray(), bytes.size()));
        return PREFIX + Multibase.BASE32.encodeBare(bytes.toByteArray());
    }

    private static void write(ByteArrayOutputStream to, byte[] part) {
        to.write(part.length);
        to.writeBytes(part);
    }

    /** Without the secret. */
    @Override public String toString() {
        return "invitation " + Integer.toHexString(number) + " of " + inviter;
    }
}
