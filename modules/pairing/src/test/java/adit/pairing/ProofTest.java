package adit.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProofTest {
    private final PeerId one = PrivateKey.generate().peerId();
    private final PeerId other = PrivateKey.generate().peerId();

    private static ByteArrayInputStream in(byte[] message) {
        return new ByteArrayInputStream(message);
    }

    private static void exchange(Proof first, Proof second) throws IOException {
        byte[] hello = first.round1();
        second.readRound1(in(hello));
        first.readRound1(in(second.round1()));
        byte[] next = first.round2();
        second.readRound2(in(next));
        first.readRound2(in(second.round2()));
        second.readRound3(in(first.round3()));
        first.readRound3(in(second.round3()));
    }

    /** Many times, so that numbers with leading zeros and MACs of either sign are among them. */
    @Test void equalSecretsAgree() throws Exception {
        for (int i = 0; i < 20; i++) {
            exchange(new Proof(one, other, new byte[] {1, (byte) i}), new Proof(other, one, new byte[] {1, (byte) i}));
        }
    }

    @Test void otherSecretsOrOtherPeersDoNot() {
        PeerId third = PrivateKey.generate().peerId();
        assertThrows(PairingException.class, () -> exchange(new Proof(one, other, new byte[] {1}), new Proof(other, one, new byte[] {2})));
        assertThrows(PairingException.class, () -> exchange(new Proof(one, other, new byte[] {1}), new Proof(third, one, new byte[] {1})));
    }

    @Test void whatIsChangedOnTheWayIsRefused() {
        byte[] hello = new Proof(one, other, new byte[] {1}).round1();
        for (int at = 383; at < hello.length; at += 100) {
            byte[] changed = hello.clone();
            changed[at] ^= 1;
            assertThrows(PairingException.class, () -> {
                Proof proof = new Proof(other, one, new byte[] {1});
                proof.round1();
                proof.readRound1(in(changed));
            });
        }
    }

    @Test void whatIsCutOffIsRefused() {
        byte[] hello = new Proof(one, other, new byte[] {1}).round1();
        assertEquals(1600, hello.length);
        assertThrows(EOFException.class, () -> new Proof(other, one, new byte[] {1}).readRound1(in(Arrays.copyOf(hello, 1599))));
    }
}
