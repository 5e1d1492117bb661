package adit.pairing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InvitationCodeTest {
    private final InvitationCode code = InvitationCode.create(PrivateKey.generate().peerId(), List.of(address("/ip4/192.0.2.7/tcp/4001"),
            address("/ip6/2001:db8::7/tcp/4001")));

    private static Multiaddr address(String text) {
        try {
            return Multiaddr.parse(text);
        } catch (MalformedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test void comesBackAsItWas() throws Exception {
        for (String text : List.of(code.text(), code.text().toUpperCase(Locale.ROOT), "  " + code.text() + "\n")) {
            InvitationCode read = InvitationCode.parse(text);
            assertEquals(code.inviter(), read.inviter());
            assertEquals(code.number(), read.number());
            assertEquals(code.addresses(), read.addresses());
            assertArrayEquals(code.secret(), read.secret());
        }
    }

    @Test void everySlipIsFound() {
        String text = code.text();
        for (int i = 0; i < text.length(); i++) {
            String slip = text.substring(0, i) + (text.charAt(i) == 'q' ? 'r' : 'q') + text.substring(i + 1);
            assertThrows(MalformedException.class, () -> InvitationCode.parse(slip));
        }
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThrows(MalformedException.class, () -> InvitationCode.parse(cut));
        }
        assertThrows(MalformedException.class, () -> InvitationCode.parse("adit-" + "a".repeat(100_000)));
    }

    @Test void whatHasARightCheckButIsNoCodeIsRefused() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 1;
            }
            String text = withCheck(bytes);
            try {
                InvitationCode.parse(text);
            } catch (MalformedException refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
    }

    private static String withCheck(byte[] bytes) throws Exception {
        byte[] all = java.util.Arrays.copyOf(bytes, bytes.length + 4);
        System.arraycopy(java.security.MessageDigest.getInstance("SHA-256").digest(bytes), 0, all, bytes.length, 4);
        return "adit-" + adit.multiformats.Multibase.BASE32.encodeBare(all);
    }

    @Test void holdsNoMoreAddressesThanItHasRoomFor() {
        List<Multiaddr> many = java.util.Collections.nCopies(20, address("/dns4/" + "x".repeat(63) + ".example/tcp/4001"));
        assertTrue(InvitationCode.create(code.inviter(), many).addresses().size() <= InvitationCode.MAXIMUM_ADDRESSES);
        assertEquals(List.of(), InvitationCode.create(code.inviter(), List.of(address("/dns4/" + "x".repeat(63) + "." + "x".repeat(63) + "/tcp/4001"))).addresses());
    }

    @Test void itsSecretIsNotShownByAccident() {
        assertFalse(code.toString().contains(adit.multiformats.Multibase.BASE16.encodeBare(code.secret())));
        assertFalse(code.toString().contains("secret"));
    }
}
