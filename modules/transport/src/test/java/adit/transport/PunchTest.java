package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two transports that dial each other at once, and connections over a stream of another connection. */
@Timeout(60)
class PunchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Loops loops = new Loops(0);
    private final Deadlines deadlines = new Deadlines();
    private final End here = new End();
    private final End there = new End();

    private final class End {
        private final PrivateKey key = PrivateKey.generate();
        private final PeerId peer = key.peerId();
        private final BlockingQueue<Connection> inbound = new LinkedBlockingQueue<>();
        private final TcpTransport transport = new TcpTransport(key, TransportSettings.defaults(), new BufferPool(8), loops, deadlines, Log.silent(),
                inbound::add);

        /** Both dials are to have the same chance: neither waits for a certificate. */
        Multiaddr listen() throws IOException {
            transport.prepare();
            return transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
        }

        /** Until the thread is interrupted, as nodes try again; what comes of it is found among the connections taken in. */
        Thread punch(Multiaddr address, End other, Role role) {
            return Thread.startVirtualThread(() -> {
                while (!Thread.interrupted()) {
                    try {
                        inbound.add(transport.punch(address, other.peer, role, PATIENCE));
                        return;
                    } catch (ClosedByInterruptException e) {
                        return;
                    } catch (IOException e) {
                        // the other dial was faster, or met what a round before has left
                    }
                }
            });
        }

        Connection accepted() throws InterruptedException {
            return inbound.poll(10, TimeUnit.SECONDS);
        }
    }

    @AfterEach void close() {
        here.transport.close();
        there.transport.close();
        loops.close();
        deadlines.close();
    }

    @Test void whoeverDialsFirstTheInitiatorIsTheOneThatTheProtocolNames() throws Exception {
        Multiaddr hereAddress = here.listen();
        Multiaddr thereAddress = there.listen();
        for (int round = 0; round < 20; round++) {
            List<Thread> dials = List.of(here.punch(thereAddress, there, Role.INITIATOR), there.punch(hereAddress, here, Role.RESPONDER));
            List<Connection> ends = bothEnds();
            Connection initiator = ends.getFirst();
            Connection responder = ends.getLast();
            assertTrue(initiator.path() == ConnectionPath.PUNCHED || responder.path() == ConnectionPath.PUNCHED);
            echo(initiator, responder);
            initiator.close("the round is over");
            responder.close("the round is over");
            for (Thread dial : dials) {
                dial.interrupt();
                dial.join();
            }
            forget(here);
            forget(there);
        }
    }

    /** Of one connection, the initiator's first; of others, left from a round before, one end may be gone. */
    private List<Connection> bothEnds() throws InterruptedException {
        List<Connection> initiators = new ArrayList<>();
        List<Connection> responders = new ArrayList<>();
        for (long end = System.nanoTime() + 2 * PATIENCE.toNanos(); System.nanoTime() < end;) {
            Optional.ofNullable(here.inbound.poll(10, TimeUnit.MILLISECONDS)).ifPresent(initiators::add);
            there.inbound.drainTo(responders);
            for (Connection initiator : initiators) {
                for (Connection responder : responders) {
                    if (responder.remoteAddress().equals(initiator.localAddress()) && responder.localAddress().equals(initiator.remoteAddress())) {
                        return List.of(initiator, responder);
                    }
                }
            }
        }
        throw new AssertionError("no connection with both ends among " + initiators + " and " + responders);
    }

    private static void forget(End end) {
        for (Connection each = end.inbound.poll(); each != null; each = end.inbound.poll()) {
            each.close("forgotten");
        }
    }

    @Test void thePortsOfALostConnectionCanBeDialledFromAtOnce() throws Exception {
        Multiaddr own = here.listen();
        Multiaddr address = there.listen();
        Connection lost = here.transport.dial(address, there.peer);
        assertEquals(own, lost.localAddress());
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        lost.start(stream -> { }, ended::add);
        // the other side is not started, and answers no ping
        lost.probe();
        assertEquals("no answer to a ping within 5.0 s", ended.poll(20, TimeUnit.SECONDS));
        assertEquals(own, here.transport.dial(address, there.peer).localAddress());
    }

    @Test void aPeerThatIsRefusedAtFirstIsDialledUntilItListens() throws Exception {
        here.listen();
        SocketChannel taken = taken();
        Multiaddr free = Multiaddr.ofTcp((InetSocketAddress) taken.getLocalAddress());
        FutureTask<Connection> punch = Loopback.start(() -> here.transport.punch(free, there.peer, Role.INITIATOR, PATIENCE));
        assertFalse(punch.isDone());
        taken.close();
        there.transport.listen(free);
        Connection dialled = punch.get();
        echo(dialled, there.accepted());
    }

    @Test void aPeerThatDialsWhileItIsExpectedGetsTheOtherPart() throws Exception {
        Multiaddr hereAddress = here.listen();
        SocketChannel taken = taken();
        Multiaddr nobody = Multiaddr.ofTcp((InetSocketAddress) taken.getLocalAddress());
        // our dials are refused, and there the dial is the responder's: the listener must take the initiator's part
        FutureTask<Connection> refused = Loopback.start(() -> here.transport.punch(nobody, there.peer, Role.INITIATOR, PATIENCE));
        try (TcpTransport other = new TcpTransport(there.key, TransportSettings.defaults(), new BufferPool(8), loops, deadlines, Log.silent(),
                there.inbound::add)) {
            other.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
            Connection dialled = other.punch(hereAddress, here.peer, Role.RESPONDER, PATIENCE);
            Connection accepted = here.accepted();
            assertEquals(Direction.INBOUND, accepted.direction());
            echo(accepted, dialled);
        }
        assertThrows(Exception.class, refused::get);
        taken.close();
    }

    /** A port that is held and refuses all. */
    private static SocketChannel taken() throws IOException {
        return SocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
    }

    @Test void whoIsRefusedAllTheTimeIsToldSoInTime() throws Exception {
        here.listen();
        SocketChannel taken = taken();
        Multiaddr free = Multiaddr.ofTcp((InetSocketAddress) taken.getLocalAddress());
        long begun = System.nanoTime();
        assertThrows(SocketException.class, () -> here.transport.punch(free, there.peer, Role.INITIATOR, Duration.ofMillis(300)));
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(10).toNanos());
        taken.close();
    }

    @Test void aConnectionRunsOverAStreamOfAnother() throws Exception {
        Connection outer = here.transport.dial(there.listen(), there.peer);
        Connection outerThere = there.accepted();
        Multiaddr circuit = Multiaddr.parse("/ip4/192.0.2.7/tcp/4001/p2p/" + there.peer + "/p2p-circuit");
        CircuitLimit limit = CircuitLimit.of(Duration.ofMinutes(2), 1 << 17);
        BlockingQueue<Connection> inner = new LinkedBlockingQueue<>();
        outer.start(stream -> { }, reason -> { });
        outerThere.start(stream -> inner.add(there.transport.overCircuit(stream, circuit, Direction.INBOUND, here.peer, CircuitLimit.none())), reason -> { });
        Connection dialled = here.transport.overCircuit(outer.openStream(), circuit, Direction.OUTBOUND, there.peer, limit);
        Connection accepted = inner.poll(10, TimeUnit.SECONDS);
        assertEquals(ConnectionPath.RELAYED, dialled.path());
        assertEquals(circuit, accepted.remoteAddress());
        echo(dialled, accepted);
        assertTrue(dialled.limit().isLimited());
        assertTrue(dialled.limit().bytesLeft() < 1 << 17);
        assertFalse(accepted.limit().isLimited());
        outer.close("the carrier ends");
        outerThere.close("the carrier ends");
        assertThrows(IOException.class, () -> {
            while (true) {
                dialled.openStream().write(new byte[1], 0, 1);
            }
        });
    }

    /** The initiator's stream reaches the responder, and back. */
    private static void echo(Connection initiator, Connection responder) throws IOException {
        initiator.start(stream -> { }, reason -> { });
        responder.start(stream -> {
            stream.write(stream.inputStream().readNBytes(5), 0, 5);
            stream.close();
        }, reason -> { });
        Stream stream = initiator.openStream();
        stream.write("hello".getBytes(), 0, 5);
        assertEquals("hello", new String(stream.inputStream().readNBytes(5)));
        stream.close();
    }
}
