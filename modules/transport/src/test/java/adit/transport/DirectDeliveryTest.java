package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Small pieces on the short way, between two real ends over a loopback socket. */
@Timeout(30)
final class DirectDeliveryTest {
    private static final String LOOP = "loop of the stream";

    private MuxPair pair;
    private YamuxConnection initiator;
    private YamuxConnection responder;
    private final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();
    private final Target target = new Target();
    private final AtomicLong moved = new AtomicLong();
    private final CompletableFuture<IOException> failed = new CompletableFuture<>();

    @BeforeEach
    void connect() throws IOException {
        pair = new MuxPair();
        initiator = pair.initiator();
        responder = pair.responder();
        initiator.start(Stream::reset, reason -> {});
        responder.start(stream -> {
            stream.setProtocol("/test");
            accepted.add(stream);
        }, reason -> {});
    }

    @AfterEach
    void disconnect() throws IOException {
        target.gate.countDown();
        initiator.close("test is over");
        responder.close("test is over");
        pair.close();
    }

    private Stream[] open() throws Exception {
        return MuxPair.open(initiator, accepted);
    }

    /** The receiving end leads to the target, as a tunnel's does: directly and by a loop; the loop's failure or null at a clean end. */
    private CompletableFuture<IOException> lead(Stream there) throws IOException {
        there.keepReceived();
        there.transferDirectly(new DirectTarget(target, moved::addAndGet, failed::complete));
        CompletableFuture<IOException> ended = new CompletableFuture<>();
        pair.loops.start(LOOP, () -> {
            try {
                long written = there.transferTo(target);
                while (written >= 0) {
                    moved.addAndGet(written);
                    written = there.transferTo(target);
                }
                ended.complete(null);
            } catch (IOException e) {
                ended.complete(e);
            }
        });
        return ended;
    }

    private static void say(Stream stream, String words) throws IOException {
        stream.write(words.getBytes(StandardCharsets.UTF_8), 0, words.length());
    }

    private void otherStreamsGoOn() throws Exception {
        Stream[] others = open();
        say(others[0], "ping");
        assertEquals("ping", new String(others[1].inputStream().readNBytes(4), StandardCharsets.UTF_8));
        say(others[1], "pong");
        assertEquals("pong", new String(others[0].inputStream().readNBytes(4), StandardCharsets.UTF_8));
    }

    @Test
    void aSmallPieceIsWrittenByTheReaderAndALargeOneByTheStreamsLoop() throws Exception {
        Stream[] ends = open();
        lead(ends[1]);
        say(ends[0], "small");
        target.await(5);
        assertTrue(target.writers.getFirst().startsWith("reader "), target.writers.toString());
        ends[0].write(new byte[8000], 0, 8000);
        target.await(8005);
        assertTrue(target.writers.contains(LOOP), target.writers.toString());
    }

    @Test
    void piecesOfAllSizesArriveInOrder() throws Exception {
        Stream[] ends = open();
        CompletableFuture<IOException> ended = lead(ends[1]);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Random random = new Random(5);
        for (int i = 0; i < 5000; i++) {
            byte[] piece = new byte[1 + random.nextInt(i % 10 == 0 ? 20_000 : 300)];
            random.nextBytes(piece);
            said.write(piece);
            ends[0].write(piece, 0, piece.length);
            if (i % 3 == 0) {
                target.await(said.size()); // the next one comes alone
            }
        }
        ends[0].closeWrite();
        assertEquals(null, ended.get(10, TimeUnit.SECONDS));
        assertArrayEquals(said.toByteArray(), target.taken());
        assertEquals(said.size(), moved.get());
        assertTrue(target.writers.stream().anyMatch(name -> name.startsWith("reader ")));
        assertTrue(target.writers.contains(LOOP));
    }

    @Test
    void aTargetThatTakesNothingHoldsUpNoOtherStream() throws Exception {
        Stream[] ends = open();
        lead(ends[1]);
        target.shut();
        say(ends[0], "first ");
        target.entered.await();
        otherStreamsGoOn();
        say(ends[0], "second ");
        otherStreamsGoOn();
        target.gate.countDown();
        target.await("first second ".length());
        say(ends[0], "third");
        target.await("first second third".length());
        assertEquals("first second third", new String(target.taken(), StandardCharsets.UTF_8));
        assertEquals(LOOP, target.writers.getLast(), "what was held once takes the ordinary way");
    }

    @Test
    void theEndComesAfterAPieceThatIsBeingWritten() throws Exception {
        Stream[] ends = open();
        CompletableFuture<IOException> ended = lead(ends[1]);
        target.shut();
        say(ends[0], "last words");
        target.entered.await();
        ends[0].closeWrite();
        otherStreamsGoOn();
        assertFalse(ended.isDone());
        target.gate.countDown();
        assertEquals(null, ended.get(10, TimeUnit.SECONDS));
        assertEquals("last words", new String(target.taken(), StandardCharsets.UTF_8));
    }

    @Test
    void aResetComesAfterAPieceThatIsBeingWritten() throws Exception {
        Stream[] ends = open();
        CompletableFuture<IOException> ended = lead(ends[1]);
        target.shut();
        say(ends[0], "last words");
        target.entered.await();
        ends[0].reset();
        otherStreamsGoOn();
        assertFalse(ended.isDone());
        target.gate.countDown();
        assertTrue(ended.get(10, TimeUnit.SECONDS) instanceof StreamResetException);
        assertEquals("last words", new String(target.taken(), StandardCharsets.UTF_8));
    }

    @Test
    void aTargetThatFailsIsToldAndHarmsNobodyElse() throws Exception {
        Stream[] ends = open();
        lead(ends[1]);
        target.failure = new IOException("gone");
        say(ends[0], "to nobody");
        assertEquals("gone", failed.get(10, TimeUnit.SECONDS).getMessage());
        otherStreamsGoOn();
        ends[1].reset();
        assertThrows(StreamResetException.class, () -> ends[0].inputStream().read());
        assertTrue(initiator.isOpen() && responder.isOpen());
    }

    /** Keeps all, and who wrote it; can be shut like a socket whose other side does not read. */
    private static final class Target implements Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<String> writers = new CopyOnWriteArrayList<>();
        private final CountDownLatch gate = new CountDownLatch(1);
        private final CountDownLatch entered = new CountDownLatch(1);
        private volatile boolean shut;
        private volatile IOException failure;

        void shut() {
            shut = true;
        }

        synchronized byte[] taken() {
            return bytes.toByteArray();
        }

        synchronized void await(int count) throws InterruptedException {
            while (bytes.size() < count) {
                wait();
            }
        }

        @Override public int write(ByteBuffer source) throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (shut) {
                entered.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            synchronized (this) {
                writers.add(Thread.currentThread().getName());
                int count = source.remaining();
                bytes.write(source.array(), source.arrayOffset() + source.position(), count);
                source.position(source.limit());
                notifyAll();
                return count;
            }
        }
    }
}
