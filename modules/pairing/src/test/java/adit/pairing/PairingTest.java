package adit.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.transport.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PairingTest {
    private static final String USED = "the code has been used, has expired or was withdrawn";

    private final List<Node> nodes = new ArrayList<>();
    private final AtomicReference<PeerId> admitted = new AtomicReference<>();

    private Node node() throws Exception {
        Node node = new Node();
        nodes.add(node);
        return node;
    }

    @AfterEach void close() {
        nodes.forEach(Node::close);
    }

    private static InvitationCode typed(Invitation invitation) throws IOException {
        return InvitationCode.parse(invitation.code().text());
    }

    private static InvitationCode guessed(Invitation invitation) {
        InvitationCode code = invitation.code();
        byte[] wrong = code.secret().clone();
        wrong[3] ^= 1;
        return new InvitationCode(code.inviter(), code.number(), wrong, code.addresses());
    }

    @Test void theCodeIsEnoughToFindTheInviterAndBeLetIn() throws Exception {
        Node inviting = node();
        Node accepting = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        assertEquals("/x/ssh", accepting.pairing.accept(typed(invitation)));
        assertEquals(accepting.swarm.self(), admitted.get());
        assertEquals(accepting.swarm.self(), invitation.await());
    }

    @Test void aCodeWorksOnce() throws Exception {
        Node inviting = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        node().pairing.accept(typed(invitation));
        Node second = node();
        assertEquals(USED, assertThrows(PairingException.class, () -> second.pairing.accept(typed(invitation))).getMessage());
        assertFalse(second.swarm.self().equals(admitted.get()));
    }

    @Test void aWrongGuessBurnsTheInvitation() throws Exception {
        Node inviting = node();
        Node accepting = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        assertEquals("the code is not the one that was shown, and is burned now",
                assertThrows(PairingException.class, () -> accepting.pairing.accept(guessed(invitation))).getMessage());
        assertTrue(assertThrows(PairingException.class, invitation::await).getMessage().contains("wrong code"));
        assertEquals(USED, assertThrows(PairingException.class, () -> accepting.pairing.accept(typed(invitation))).getMessage());
        assertEquals(null, admitted.get());
    }

    @Test void whoBreaksOffInTheMiddleBurnsItTooButWhoOnlyKnocksDoesNot() throws Exception {
        Node inviting = node();
        Node stranger = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        InvitationCode code = typed(invitation);
        stranger.swarm.addressBook().add(code.inviter(), code.addresses(), Duration.ofHours(1));
        Proof proof = new Proof(stranger.swarm.self(), code.inviter(), new byte[] {1});
        byte[] hello = ByteBuffer.allocate(4 + 1600).putInt(code.number()).put(proof.round1()).array();
        try (Stream stream = stranger.swarm.openStream(code.inviter(), Pairing.ID)) {
            stream.write(hello, 0, hello.length);
            assertEquals(0, stream.inputStream().read());
        }
        // its number alone is worth nothing: the code still works, or rather could be guessed once
        try (Stream stream = stranger.swarm.openStream(code.inviter(), Pairing.ID)) {
            Proof second = new Proof(stranger.swarm.self(), code.inviter(), new byte[] {1});
            byte[] again = ByteBuffer.allocate(4 + 1600).putInt(code.number()).put(second.round1()).array();
            stream.write(again, 0, again.length);
            assertEquals(0, stream.inputStream().read());
            second.readRound1(stream.inputStream());
            byte[] round2 = second.round2();
            stream.write(round2, 0, round2.length);
            assertEquals(0, stream.inputStream().read());
            stream.reset();
        }
        assertThrows(PairingException.class, invitation::await);
        assertThrows(PairingException.class, () -> node().pairing.accept(code));
    }

    @Test void anUnknownNumberBurnsNothing() throws Exception {
        Node inviting = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        InvitationCode code = typed(invitation);
        Node stranger = node();
        assertEquals(USED, assertThrows(PairingException.class, () -> stranger.pairing.accept(
                new InvitationCode(code.inviter(), code.number() + 1, code.secret(), code.addresses()))).getMessage());
        assertEquals("/x/ssh", node().pairing.accept(code));
    }

    @Test void anInvitationExpires() throws Exception {
        Node inviting = new Node(Duration.ofMillis(50));
        nodes.add(inviting);
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        assertEquals("nobody accepted it in time", assertThrows(PairingException.class, invitation::await).getMessage());
        Node accepting = node();
        assertEquals(USED, assertThrows(PairingException.class, () -> accepting.pairing.accept(typed(invitation))).getMessage());
        assertFalse(inviting.swarm.protocols().contains(Pairing.ID));
    }

    @Test void aWithdrawnCodeIsWorthNothing() throws Exception {
        Node inviting = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        Invitation other = inviting.pairing.invite("/x/other", admitted::set);
        inviting.pairing.withdraw(invitation);
        assertEquals(USED, assertThrows(PairingException.class, () -> node().pairing.accept(typed(invitation))).getMessage());
        assertEquals("/x/other", node().pairing.accept(typed(other)));
    }

    @Test void nobodyIsLetInWhenTheGrantCannotBeSaved() throws Exception {
        Node inviting = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", peer -> {
            throw new IOException("no space left on device");
        });
        assertTrue(assertThrows(PairingException.class, () -> node().pairing.accept(typed(invitation))).getMessage().contains("could not save"));
        assertTrue(assertThrows(PairingException.class, invitation::await).getMessage().endsWith("no space left on device"));
    }

    @Test void invitationsAreBounded() throws Exception {
        Node inviting = node();
        Invitation first = inviting.pairing.invite("/x/1", admitted::set);
        inviting.pairing.invite("/x/2", admitted::set);
        inviting.pairing.invite("/x/3", admitted::set);
        assertThrows(IllegalStateException.class, () -> inviting.pairing.invite("/x/4", admitted::set));
        inviting.pairing.withdraw(first);
        inviting.pairing.invite("/x/4", admitted::set);
    }

    @Test void garbageInAnyRoundEndsTheExchangeAndAdmitsNobody() throws Exception {
        Node inviting = node();
        Node stranger = node();
        Invitation invitation = inviting.pairing.invite("/x/ssh", admitted::set);
        InvitationCode code = typed(invitation);
        stranger.swarm.addressBook().add(code.inviter(), code.addresses(), Duration.ofHours(1));
        for (byte filling : new byte[] {0, 1, -1}) {
            byte[] garbage = new byte[4 + 1600];
            java.util.Arrays.fill(garbage, filling);
            ByteBuffer.wrap(garbage).putInt(code.number());
            try (Stream stream = stranger.swarm.openStream(code.inviter(), Pairing.ID)) {
                stream.write(garbage, 0, garbage.length);
                assertThrows(IOException.class, () -> {
                    if (stream.inputStream().read() < 0) {
                        throw new IOException("ended");
                    }
                });
            }
        }
        assertEquals(null, admitted.get());
        assertEquals("/x/ssh", node().pairing.accept(code));
    }
}
