package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams between two real ends over a loopback socket. */
@Timeout(30)
final class YamuxStreamTest {
    private MuxPair pair;
    private YamuxConnection initiator;
    private YamuxConnection responder;
    private final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closed = new ArrayBlockingQueue<>(2);

    @BeforeEach
    void connect() throws IOException {
        pair = new MuxPair();
        initiator = pair.initiator();
        responder = pair.responder();
        initiator.start(Stream::reset, closed::add);
        responder.start(this::accept, closed::add);
    }

    private void accept(Stream stream) {
        stream.setProtocol("/test");
        accepted.add(stream);
    }

    @AfterEach
    void disconnect() throws IOException {
        initiator.close("test is over");
        responder.close("test is over");
        pair.close();
    }

    private Stream[] open() throws Exception {
        return MuxPair.open(initiator, accepted);
    }

    @Test
    void eachDirectionEndsByItself() throws Exception {
        Stream[] ends = open();
        ends[0].write("question".getBytes(StandardCharsets.UTF_8), 0, 8);
        ends[0].closeWrite();
        assertEquals("question", new String(ends[1].inputStream().readAllBytes(), StandardCharsets.UTF_8));
        ends[1].write("answer".getBytes(StandardCharsets.UTF_8), 0, 6);
        ends[1].closeWrite();
        assertEquals("answer", new String(ends[0].inputStream().readAllBytes(), StandardCharsets.UTF_8));
        while (initiator.streams().contains(ends[0])) {
            Thread.onSpinWait();
        }
    }

    @Test
    void manyMegabytesArriveInOrderInBothDirectionsAtOnce() throws Exception {
        Stream[] ends = open();
        CompletableFuture<byte[]> up = digestOf(ends[1]);
        CompletableFuture<byte[]> down = digestOf(ends[0]);
        CompletableFuture<byte[]> sentUp = send(ends[0], 1, 20_000_000);
        CompletableFuture<byte[]> sentDown = send(ends[1], 2, 20_000_000);
        assertArrayEquals(sentUp.get(), up.get());
        assertArrayEquals(sentDown.get(), down.get());
        assertEquals(0, pair.pool.lent() - idleBuffers(), "buffers leaked");
    }

    /** Each reader of a {@link PlainChannel} keeps one buffer while it waits. */
    private static int idleBuffers() {
        return 2;
    }

    private CompletableFuture<byte[]> digestOf(Stream stream) {
        return inThread(() -> {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Sink sink = new DigestChannel(digest);
            long count;
            do {
                count = stream.transferTo(sink);
            } while (count >= 0);
            return digest.digest();
        });
    }

    private CompletableFuture<byte[]> send(Stream stream, long seed, int total) {
        return inThread(() -> {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Random random = new Random(seed);
            byte[] buffer = new byte[Stream.HEADROOM + Stream.MAXIMUM_PAYLOAD + Stream.TAILROOM];
            int left = total;
            while (left > 0) {
                int length = Math.min(Math.min(left, stream.awaitCredit()), 1 + random.nextInt(Stream.MAXIMUM_PAYLOAD));
                byte[] payload = new byte[length];
                random.nextBytes(payload);
                digest.update(payload);
                System.arraycopy(payload, 0, buffer, Stream.HEADROOM, length);
                stream.send(buffer, Stream.HEADROOM, length);
                left -= length;
            }
            stream.closeWrite();
            return digest.digest();
        });
    }

    private interface Action<T> {
        T run() throws Exception;
    }

    private <T> CompletableFuture<T> inThread(Action<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        pair.loops.start("test", () -> {
            try {
                result.complete(action.run());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @Test
    void aSlowReaderStopsTheWriterAndNobodyElse() throws Exception {
        Stream[] slow = open();
        byte[] buffer = new byte[Stream.HEADROOM + Stream.MAXIMUM_PAYLOAD + Stream.TAILROOM];
        int sent = 1;
        while (sent < YamuxFrame.INITIAL_WINDOW) {
            int length = Math.min(slow[0].awaitCredit(), Stream.MAXIMUM_PAYLOAD);
            slow[0].send(buffer, Stream.HEADROOM, length);
            sent += length;
        }
        assertEquals(YamuxFrame.INITIAL_WINDOW, sent, "more went out than one window");
        CompletableFuture<Integer> blocked = inThread(slow[0]::awaitCredit);
        eachDirectionEndsByItself();
        assertFalse(blocked.isDone());
        slow[1].inputStream().readNBytes(YamuxFrame.INITIAL_WINDOW - 1);
        assertTrue(blocked.get() > 0);
    }

    @Test
    void aResetWakesReaderAndWriterOfTheOtherEnd() throws Exception {
        Stream[] ends = open();
        CompletableFuture<Integer> reading = inThread(() -> ends[1].inputStream().read());
        CompletableFuture<StreamResetException> told = new CompletableFuture<>();
        ends[1].onReset(told::complete);
        ends[0].reset();
        Exception thrown = assertThrows(Exception.class, reading::get);
        assertTrue(thrown.getCause() instanceof StreamResetException, String.valueOf(thrown));
        assertEquals("stream was reset by the remote peer", told.get().getMessage());
        assertThrows(StreamResetException.class, () -> ends[1].write(new byte[1], 0, 1));
        assertThrows(StreamResetException.class, () -> ends[0].write(new byte[1], 0, 1));
        assertTrue(initiator.isOpen() && responder.isOpen());
    }

    @Test
    void aLostConnectionIsAResetOfItsStreamsNeverAnEnd() throws Exception {
        Stream[] ends = open();
        CompletableFuture<Integer> reading = inThread(() -> ends[1].inputStream().read());
        pair.first.close();
        Exception thrown = assertThrows(Exception.class, reading::get);
        assertTrue(thrown.getCause() instanceof StreamResetException, String.valueOf(thrown));
        assertTrue(closed.poll(10, TimeUnit.SECONDS) != null && closed.poll(10, TimeUnit.SECONDS) != null);
    }

    @Test
    void whatCameBeforeTheEndIsDeliveredEvenWhenTheConnectionIsLostAfterIt() throws Exception {
        Stream[] ends = open();
        ends[0].write("whole".getBytes(StandardCharsets.UTF_8), 0, 5);
        ends[0].closeWrite();
        initiator.close("going");
        assertTrue(closed.poll(10, TimeUnit.SECONDS) != null && closed.poll(10, TimeUnit.SECONDS) != null);
        assertEquals("whole", new String(ends[1].inputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void whatCameBeforeAResetIsDroppedUnlessItIsAskedFor() throws Exception {
        Stream[] dropping = open();
        Stream[] keeping = open();
        keeping[1].keepReceived();
        for (Stream[] ends : List.of(dropping, keeping)) {
            CountDownLatch told = new CountDownLatch(1);
            ends[1].onReset(cause -> told.countDown());
            ends[0].write("said".getBytes(StandardCharsets.UTF_8), 0, 4);
            ends[0].reset();
            assertTrue(told.await(10, TimeUnit.SECONDS));
        }
        assertThrows(StreamResetException.class, () -> dropping[1].inputStream().read());
        assertEquals("said", new String(keeping[1].inputStream().readNBytes(4), StandardCharsets.UTF_8));
        assertThrows(StreamResetException.class, () -> keeping[1].inputStream().read());
    }

    @Test
    void dataForAClosedStreamIsAnsweredWithAReset() throws Exception {
        Stream[] ends = open();
        CompletableFuture<StreamResetException> told = new CompletableFuture<>();
        ends[0].onReset(told::complete);
        ends[1].close();
        assertEquals(-1, ends[0].inputStream().read());
        ends[0].write(new byte[100], 0, 100);
        told.get(10, TimeUnit.SECONDS);
        assertEquals(0, responder.streams().size());
    }

    @Test
    void aReadWithATimeoutEnds() throws Exception {
        Stream[] ends = open();
        ends[0].setReadTimeout(Duration.ofMillis(20));
        assertThrows(SocketTimeoutException.class, () -> ends[0].read(new byte[1], 0, 1));
        ends[1].write(new byte[] {7}, 0, 1);
        ends[0].setReadTimeout(Duration.ofSeconds(10));
        assertEquals(7, ends[0].inputStream().read());
    }

    @Test
    void anInterruptedReaderLeavesTheConnectionAlone() throws Exception {
        Stream[] ends = open();
        CompletableFuture<Exception> thrown = new CompletableFuture<>();
        Thread reader = pair.loops.start("reader", () -> {
            try {
                ends[1].inputStream().read();
            } catch (IOException e) {
                ends[1].close();
                thrown.complete(e);
            }
        });
        reader.interrupt();
        assertTrue(thrown.get() instanceof StreamResetException);
        eachDirectionEndsByItself();
    }

    @Test
    void aThousandStreamsShareAConnection() throws Exception {
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            byte[] question = ("question " + i).getBytes(StandardCharsets.UTF_8);
            answers.add(inThread(() -> {
                Stream stream = initiator.openStream();
                stream.write(question, 0, question.length);
                stream.closeWrite();
                return stream.inputStream().readAllBytes();
            }));
        }
        for (int i = 0; i < 1000; i++) {
            Stream there = accepted.poll(10, TimeUnit.SECONDS);
            byte[] question = there.inputStream().readAllBytes();
            there.write(question, 0, question.length);
            there.closeWrite();
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals("question " + i, new String(answers.get(i).get(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void closingTellsTheOtherEndAndIsIdempotent() throws Exception {
        Stream[] ends = open();
        initiator.close("enough");
        initiator.close("again");
        assertThrows(IOException.class, () -> ends[1].inputStream().read());
        assertThrows(StreamResetException.class, initiator::openStream);
        Set<String> reasons = Set.of(closed.poll(10, TimeUnit.SECONDS), closed.poll(10, TimeUnit.SECONDS));
        assertEquals(Set.of("enough", "closed by the remote peer"), reasons);
    }

    /** Takes everything and digests it. */
    private record DigestChannel(MessageDigest digest) implements Sink {
        @Override public int write(ByteBuffer source) {
            int count = source.remaining();
            digest.update(source);
            return count;
        }
    }
}
