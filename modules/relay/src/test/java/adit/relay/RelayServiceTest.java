package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Log;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayServiceTest extends CircuitNodes {
    // ---- reservations

    @Test void reservationHasExpiryVoucherAddressesAndLimit() throws Exception {
        CircuitNode relay = relay(RelayServiceSettings.defaults());
        CircuitNode peer = node();
        Instant before = Instant.now();
        CircuitMessage answer = peer.reserve(relay);
        assertEquals(CircuitStatus.OK, answer.status());
        assertEquals(new RelayLimit(Duration.ofMinutes(2), 131_072), answer.limit());
        Duration life = Duration.between(before, answer.reservation().expire());
        assertTrue(life.toSeconds() >= 3599 && life.toSeconds() <= 3620, life.toString());
        assertEquals(List.of(Multiaddr.parse(relay.address + "/p2p/" + relay.id())), answer.reservation().addresses());
        ReservationVoucher voucher = ReservationVoucher.open(answer.reservation().voucher());
        assertEquals(new ReservationVoucher(relay.id(), peer.id(), answer.reservation().expire()), voucher);
        assertEquals(new RelayService.Status(1, 0, 0, 0, 0), relay.service.status());
    }

    @Test void onePeerHasOneReservationAndMayRenewIt() throws Exception {
        CircuitNode relay = relay(RelayLimits.reservations(Duration.ofHours(1), 1, 1, 1));
        CircuitNode peer = node();
        for (int i = 0; i < 3; i++) {
            assertEquals(CircuitStatus.OK, peer.reserveStatus(relay));
        }
        assertEquals(1, relay.service.status().reservations());
        assertEquals(CircuitStatus.RESERVATION_REFUSED, node().reserveStatus(relay));
        assertEquals(1, relay.service.status().refusals());
    }

    @Test void reservationsAreLimitedInAllByAddressAndByNetwork() throws Exception {
        for (RelayServiceSettings settings : List.of(RelayLimits.reservations(Duration.ofHours(1), 2, 9, 9),
                RelayLimits.reservations(Duration.ofHours(1), 9, 2, 9), RelayLimits.reservations(Duration.ofHours(1), 9, 9, 2))) {
            CircuitNode relay = relay(settings);
            assertEquals(CircuitStatus.OK, node().reserveStatus(relay));
            CircuitNode leaving = node();
            assertEquals(CircuitStatus.OK, leaving.reserveStatus(relay));
            CircuitNode late = node();
            assertEquals(CircuitStatus.RESERVATION_REFUSED, late.reserveStatus(relay));
            leaving.swarm.close();
            CircuitNode.await(() -> !relay.swarm.isConnected(leaving.id()));
            assertEquals(CircuitStatus.OK, late.reserveStatus(relay), "who has gone makes room");
        }
    }

    @Test void reservationEndsInTime() throws Exception {
        CircuitNode relay = relay(RelayLimits.reservations(Duration.ofMillis(300), 9, 9, 9));
        CircuitNode target = target(relay);
        CircuitNode source = node();
        CircuitNode.await(() -> status(source, relay, target).equals(CircuitStatus.NO_RESERVATION));
        // a slow machine may need more than one life of it
        CircuitNode.await(() -> renewed(target, relay) && status(source, relay, target).equals(CircuitStatus.OK));
    }

    private static boolean renewed(CircuitNode target, CircuitNode relay) {
        try {
            return target.reserveStatus(relay).equals(CircuitStatus.OK);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static CircuitStatus status(CircuitNode source, CircuitNode relay, CircuitNode target) {
        try {
            CircuitNode.Answer answer = source.connect(relay, target);
            answer.stream().reset();
            return answer.message().status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test void whoComesBackMustReserveAgain() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode target = target(relay);
        relay.swarm.disconnect(target.id(), "test");
        CircuitNode.await(() -> !target.swarm.isConnected(relay.id()));
        target.swarm.connect(relay.id());
        assertEquals(CircuitStatus.NO_RESERVATION, node().connectStatus(relay, target));
        target.reserve(relay);
        assertEquals(CircuitStatus.OK, node().connectStatus(relay, target));
    }

    @Test void closedServiceGrantsNothing() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        target(relay);
        relay.service.close();
        assertEquals(0, relay.service.status().reservations());
        assertThrows(IOException.class, () -> node().reserve(relay));
    }

    // ---- requests that are refused

    @Test void whatIsNoRequestIsAnswered() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode peer = node();
        assertEquals(CircuitStatus.UNEXPECTED_MESSAGE, peer.ask(relay, CircuitMessage.status(CircuitStatus.OK)).message().status());
        assertEquals(CircuitStatus.MALFORMED_MESSAGE, peer.ask(relay, CircuitMessage.connect(null, RelayLimit.NONE)).message().status());
        Stream stream = peer.swarm.openStream(relay.id(), CircuitProtocol.HOP.id());
        stream.write(new byte[] {2, 8, 9}, 0, 3);
        assertEquals(CircuitStatus.MALFORMED_MESSAGE, CircuitMessage.read(CircuitProtocol.HOP, stream.inputStream()).status());
        assertEquals(-1, stream.inputStream().read());
        assertEquals(3, relay.service.status().refusals());
    }

    @Test void silenceHasAnEnd() throws Exception {
        CircuitNode relay = relay(RelayLimits.impatient(Duration.ofMillis(300)));
        CircuitNode peer = target(relay);
        Stream stream = peer.swarm.openStream(relay.id(), CircuitProtocol.HOP.id());
        stream.write(new byte[] {20, 8}, 0, 2);
        assertThrows(StreamResetException.class, () -> stream.inputStream().read());
    }

    @Test void whatComesOverARelayIsRefused() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode second = node();
        CircuitNode peer = node();
        try (Relays far = new Relays(second.swarm, RelayClientSettings.defaults(), false, second.loops, second.deadlines, Log.silent());
                Relays near = new Relays(peer.swarm, RelayClientSettings.defaults(), false, peer.loops, peer.deadlines, Log.silent())) {
            far.reserve(Map.of(relay.id(), List.of(relay.address)));
            CircuitNode.await(() -> relay.service.status().reservations() == 1);
            second.serve(RelayLimits.wide());
            peer.swarm.addressBook().add(second.id(), List.of(CircuitAddress.through(relay.address, relay.id())), Duration.ofMinutes(1));
            Connection relayed = peer.swarm.connect(second.id());
            assertEquals(ConnectionPath.RELAYED, relayed.path());
            for (CircuitMessage request : List.of(CircuitMessage.reserve(), CircuitMessage.connect(peer.id(), RelayLimit.NONE))) {
                Stream stream = relayed.openStream();
                Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(CircuitProtocol.HOP.id()));
                request.write(CircuitProtocol.HOP, stream.outputStream());
                assertEquals(CircuitStatus.PERMISSION_DENIED, CircuitMessage.read(CircuitProtocol.HOP, stream.inputStream()).status());
            }
            assertEquals(0, second.service.status().reservations());
            assertTrue(near.standings().isEmpty());
        }
    }

    @Test void nobodyIsReachedWithoutAReservation() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode target = node().echoing();
        target.swarm.addressBook().add(relay.id(), List.of(relay.address), Duration.ofMinutes(1));
        target.swarm.connect(relay.id());
        assertEquals(CircuitStatus.NO_RESERVATION, node().connectStatus(relay, target));
    }

    @Test void targetThatDoesNotTakeACircuitIsTold() throws Exception {
        CircuitNode relay = relay(RelayLimits.impatient(Duration.ofMillis(500)));
        CircuitNode source = node();
        CircuitNode mute = node();
        mute.reserve(relay);
        assertEquals(CircuitStatus.CONNECTION_FAILED, source.connectStatus(relay, mute), "it does not speak the protocol");
        mute.swarm.handle(CircuitProtocol.STOP.id(), true, stream -> stream.inputStream().readAllBytes());
        assertEquals(CircuitStatus.CONNECTION_FAILED, source.connectStatus(relay, mute), "it never answers");
        mute.swarm.unhandle(CircuitProtocol.STOP.id());
        mute.swarm.handle(CircuitProtocol.STOP.id(), true, stream -> {
            CircuitMessage.read(CircuitProtocol.STOP, stream.inputStream());
            CircuitMessage.status(CircuitStatus.PERMISSION_DENIED).write(CircuitProtocol.STOP, stream.outputStream());
            stream.close();
        });
        assertEquals(CircuitStatus.CONNECTION_FAILED, source.connectStatus(relay, mute), "it refuses");
        CircuitNode.await(() -> relay.service.status().circuits() == 0);
        assertEquals(0, relay.service.status().circuitsServed());
    }

    // ---- circuits

    @Test void targetLearnsWhoConnectsAndWhatIsAllowed() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode target = node();
        List<CircuitMessage> asked = new ArrayList<>();
        target.swarm.handle(CircuitProtocol.STOP.id(), true, stream -> {
            asked.add(CircuitMessage.read(CircuitProtocol.STOP, stream.inputStream()));
            CircuitMessage.status(CircuitStatus.OK).write(CircuitProtocol.STOP, stream.outputStream());
            stream.close();
        });
        target.reserve(relay);
        CircuitNode source = node();
        CircuitMessage answer = source.connect(relay, target).message();
        RelayLimit limit = new RelayLimit(Duration.ofMinutes(2), 131_072);
        assertEquals(limit, answer.limit());
        assertEquals(List.of(CircuitMessage.connect(source.id(), limit)), asked);
    }

    @Test void bytesAndEndsArePassedOnInBothDirections() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode source = node();
        Stream stream = source.connect(relay, target(relay)).stream();
        byte[] sent = new byte[100_000];
        new Random(1).nextBytes(sent);
        Thread.ofVirtual().start(() -> {
            try {
                stream.write(sent, 0, sent.length);
                stream.closeWrite();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertArrayEquals(sent, stream.inputStream().readAllBytes());
        CircuitNode.await(() -> relay.service.status().equals(new RelayService.Status(1, 0, 1, 200_000, 0)));
        CircuitNode.await(() -> relay.swarm.connections().stream().allMatch(each -> each.streams().isEmpty()));
    }

    @Test void endedDirectionLeavesTheOtherOpen() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CountDownLatch endSeen = new CountDownLatch(1);
        CircuitNode target = node().taking(stream -> {
            assertEquals(-1, stream.inputStream().read());
            endSeen.countDown();
            stream.outputStream().write("the answer".getBytes());
            stream.close();
        });
        target.reserve(relay);
        Stream stream = node().connect(relay, target).stream();
        stream.closeWrite();
        endSeen.await();
        assertEquals("the answer", new String(stream.inputStream().readAllBytes()));
    }

    @Test void resetOfOneSideIsAResetOfTheOther() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CountDownLatch reset = new CountDownLatch(1);
        CircuitNode target = node().taking(stream -> {
            stream.outputStream().write(1);
            assertThrows(StreamResetException.class, () -> stream.inputStream().readAllBytes());
            reset.countDown();
        });
        target.reserve(relay);
        Stream stream = node().connect(relay, target).stream();
        assertEquals(1, stream.inputStream().read());
        stream.reset();
        reset.await();

        CircuitNode resetting = node().taking(taken -> {
            taken.inputStream().read();
            taken.reset();
        });
        resetting.reserve(relay);
        Stream other = node().connect(relay, resetting).stream();
        other.write(new byte[1], 0, 1);
        assertThrows(StreamResetException.class, () -> other.inputStream().read());
    }
}
