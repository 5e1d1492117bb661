package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MultistreamTest {
    private static final String HEADER = "\u0013/multistream/1.0.0\n";
    private static final String NA = "\u0003na\n";

    @Test void bothAgreeOnTheFirstProposalTheResponderSupports() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<String> accepted =
                    Loopback.start(() -> Multistream.accept(wire.listenerInput(), wire.listenerOutput(), "/b"::equals));
            assertEquals("/b", Multistream.propose(wire.dialerInput(), wire.dialerOutput(), List.of("/a", "/b", "/c")));
            assertEquals("/b", accepted.get());
        }
    }

    @Test void bytesBehindTheLastMessageStayUnread() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<Integer> next = Loopback.start(() -> {
                Multistream.accept(wire.listenerInput(), wire.listenerOutput(), "/a"::equals);
                wire.listenerOutput().write(7);
                return wire.listenerInput().read();
            });
            wire.send(text(HEADER + "\u0003/a\n" + "!"));
            assertEquals((int) '!', next.get());
            Multistream.readAnswer(wire.dialerInput(), "/a");
            assertEquals(7, wire.dialerInput().read());
        }
    }

    @Test void headerAndFirstProposalLeaveInOneWrite() throws Exception {
        CountingOutput out = new CountingOutput();
        Multistream.propose(new ByteArrayInputStream(text(HEADER + "\u0003/a\n")), out, List.of("/a"));
        assertEquals(1, out.writes);
        assertArrayEquals(text(HEADER + "\u0003/a\n"), out.toByteArray());
    }

    @Test void headerAndAnswerLeaveInOneWriteWhenTheProposalIsThere() throws Exception {
        CountingOutput out = new CountingOutput();
        Multistream.accept(new ByteArrayInputStream(text(HEADER + "\u0003/a\n")), out, "/a"::equals);
        assertEquals(1, out.writes);
        assertArrayEquals(text(HEADER + "\u0003/a\n"), out.toByteArray());
    }

    @Test void initiatorThatWaitsForTheHeaderGetsIt() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<String> accepted =
                    Loopback.start(() -> Multistream.accept(wire.listenerInput(), wire.listenerOutput(), "/a"::equals));
            wire.send(text(HEADER));
            assertArrayEquals(text(HEADER), wire.dialerInput().readNBytes(HEADER.length()));
            wire.send(text("\u0003/a\n"));
            assertEquals("/a", accepted.get());
        }
    }

    @Test void messagesMayArriveByteByByte() throws Exception {
        try (Loopback wire = Loopback.open()) {
            String longest = "/" + "x".repeat(1022);
            FutureTask<String> accepted =
                    Loopback.start(() -> Multistream.accept(wire.listenerInput(), wire.listenerOutput(), longest::equals));
            for (byte b : Multistream.proposal(longest)) {
                wire.send(new byte[] {b});
            }
            assertEquals(longest, accepted.get());
            Multistream.readAnswer(wire.dialerInput(), longest);
        }
    }

    @Test void listIsNotAvailable() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals("/a", accept(HEADER + "\u0003ls\n\u0003/a\n", out));
        assertArrayEquals(text(HEADER + NA + "\u0003/a\n"), out.toByteArray());
    }

    @Test void refusalOfAllNamesThem() {
        var e = assertThrows(ProtocolNotSupportedException.class, () -> propose(HEADER + NA + NA, "/a", "/b"));
        assertTrue(e.getMessage().contains("/a, /b"), e.getMessage());
        assertThrows(ProtocolNotSupportedException.class,
                () -> Multistream.readAnswer(new ByteArrayInputStream(text(HEADER + NA)), "/a"));
    }

    @Test void responderToldNothingItSupportsNamesTheLastProposalPrintably() {
        var e = assertThrows(ProtocolNotSupportedException.class, () -> accept(HEADER + "\u0005/\u001b[m\n", new ByteArrayOutputStream()));
        assertEquals("not supported here: /?[m", e.getMessage());
        assertThrows(ProtocolNotSupportedException.class, () -> accept(HEADER, new ByteArrayOutputStream()));
    }

    @Test void endlessProposalsAreCutOff() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThrows(ProtocolNotSupportedException.class, () -> accept(HEADER + "\u0003/z\n".repeat(10_000), out));
        assertEquals(HEADER.length() + 32 * NA.length(), out.size());
    }

    @Test void whatIsNotMultistreamIsRefused() {
        for (String garbage : List.of("GET / HTTP/1.1\r\n", "\u0013/multistream/2.0.0\n", "\u0000", "\u0004/a\n\n",
                "\u0013/multistream/1.0.0!")) {
            assertThrows(MalformedException.class, () -> accept(garbage, new ByteArrayOutputStream()), garbage);
            assertThrows(MalformedException.class, () -> propose(garbage, "/a"), garbage);
        }
    }

    @Test void speakerOfAnotherProtocolIsRefusedByItsFirstByte() throws Exception {
        try (Loopback wire = Loopback.open()) {
            wire.send(text("G"));
            assertThrows(MalformedException.class,
                    () -> Multistream.accept(wire.listenerInput(), wire.listenerOutput(), "/a"::equals));
        }
    }

    @Test void oversizeMessageIsRefusedBeforeItIsRead() {
        // 1025, 2^21 and a length that never ends, nothing behind them
        for (byte[] length : List.of(new byte[] {(byte) 0x81, 8}, new byte[] {-128, -128, -128, 1},
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1})) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            sent.writeBytes(text(HEADER));
            sent.writeBytes(length);
            var in = new ByteArrayInputStream(sent.toByteArray());
            assertThrows(MalformedException.class, () -> Multistream.accept(in, OutputStream.nullOutputStream(), "/a"::equals));
        }
    }

    @Test void wrongAnswersAreRefused() {
        assertThrows(MalformedException.class, () -> propose(HEADER + "\u0003/b\n", "/a"));
        assertThrows(MalformedException.class, () -> propose(HEADER + "\u0000", "/a"));
    }

    @Test void idThatIsNotUtf8IsRefused() {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(text(HEADER));
        sent.writeBytes(new byte[] {3, '/', -1, '\n'});
        var in = new ByteArrayInputStream(sent.toByteArray());
        assertThrows(MalformedException.class, () -> Multistream.accept(in, OutputStream.nullOutputStream(), protocol -> true));
    }

    @Test void everyTruncationEndsWithAnError() {
        String full = HEADER + "\u0003/a\n";
        for (int length = 0; length < full.length(); length++) {
            String part = full.substring(0, length);
            assertThrows(EOFException.class, () -> propose(part, "/a"));
            assertThrows(IOException.class, () -> accept(part, new ByteArrayOutputStream()));
        }
    }

    @Test void idTooLongForTheWireIsTheCallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> Multistream.proposal("/" + "x".repeat(1023)));
    }

    @FuzzTest
    void whateverArrivesEndsInAProtocolOrAnIOException(byte[] input) {
        try {
            Multistream.accept(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), protocol -> protocol.length() > 4);
            Multistream.propose(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), List.of("/a", "/b"));
        } catch (IOException expected) {
            // the only way to fail
        }
    }

    private static String accept(String sent, OutputStream out) throws IOException {
        return Multistream.accept(new ByteArrayInputStream(text(sent)), out, "/a"::equals);
    }

    private static String propose(String sent, String... protocols) throws IOException {
        return Multistream.propose(new ByteArrayInputStream(text(sent)), OutputStream.nullOutputStream(), List.of(protocols));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class CountingOutput extends ByteArrayOutputStream {
        private int writes;

        @Override public synchronized void write(byte[] bytes, int offset, int length) {
            writes++;
            super.write(bytes, offset, length);
        }
    }
}
