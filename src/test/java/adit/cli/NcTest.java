package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NcTest {
    @TempDir
    Path directory;
    private TestDaemon a;
    private TestDaemon b;
    private ServerSocket service;

    @BeforeEach
    void open() throws Exception {
        a = new TestDaemon(directory.resolve("a"));
        b = new TestDaemon(directory.resolve("b"));
        service = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        assertEquals(0, a.run("listen", "/x/nc", "/ip4/127.0.0.1/tcp/" + service.getLocalPort()).code());
    }

    @AfterEach
    void close() throws Exception {
        service.close();
        a.close();
        b.close();
    }

    @Test
    void answersAfterTheEndOfItsInput() throws Exception {
        FutureTask<String> asked = serve(socket -> {
            String question = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            socket.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
            return question;
        });
        TestDaemon.Result result = nc(new ByteArrayInputStream("question".getBytes(StandardCharsets.UTF_8)));
        assertEquals("question", asked.get());
        assertEquals(new TestDaemon.Result("answer", "", 0), result);
    }

    @Test
    void carriesAMegabyteBothWays() throws Exception {
        byte[] data = new byte[1 << 20];
        new java.util.Random(1).nextBytes(data);
        FutureTask<Boolean> echoed = serve(socket -> socket.getInputStream().transferTo(socket.getOutputStream()) == data.length);
        String text = java.util.Base64.getEncoder().encodeToString(data).substring(0, data.length);
        TestDaemon.Result result = nc(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
        assertTrue(echoed.get());
        assertEquals(text, result.out());
        assertEquals(0, result.code());
    }

    @Test
    void serviceThatSpeaksFirstIsHeardWhileInputIsSilent() throws Exception {
        PipedOutputStream input = new PipedOutputStream();
        FutureTask<String> heard = serve(socket -> {
            socket.getOutputStream().write("banner".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            input.close();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        });
        TestDaemon.Result result = nc(new PipedInputStream(input));
        assertEquals("", heard.get());
        assertEquals(new TestDaemon.Result("banner", "", 0), result);
    }

    @Test
    void abortedConnectionExitsOneWithAMessage() throws Exception {
        FutureTask<Boolean> aborted = serve(socket -> {
            socket.getOutputStream().write("part".getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
            return true;
        });
        PipedOutputStream input = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(input);
        input.write('x');
        TestDaemon.Result result = nc(in);
        assertTrue(aborted.get());
        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("adit: error: connection aborted: "), result.err());
    }

    @Test
    void refusalBeforeTheStreamIsOpenExitsOne() {
        TestDaemon.Result unknown = b.run("nc", "/x/unknown", a.address());
        assertEquals(1, unknown.code());
        assertTrue(unknown.err().startsWith("adit: error: "), unknown.err());
        assertEquals("", unknown.out());
        TestDaemon.Result name = b.run("nc", "unknown", a.address());
        assertEquals("adit: error: protocol name must be within '/x/' namespace\n", name.err());
        TestDaemon.Result peer = b.run("nc", "/x/nc", "/ip4/127.0.0.1/tcp/1");
        assertEquals(1, peer.code());
        assertTrue(peer.err().contains("has no peer id"), peer.err());
    }

    @Test
    void outcomeOfAnUnknownConnectionIsAnError() throws Exception {
        NcOutcomes outcomes = new NcOutcomes();
        long first = outcomes.begin();
        outcomes.end(first, null);
        assertEquals("", outcomes.await(first));
        for (int i = 0; i < 2000; i++) {
            outcomes.begin();
        }
        org.junit.jupiter.api.Assertions.assertThrows(CommandException.class, () -> outcomes.await(2));
    }

    private TestDaemon.Result nc(InputStream in) {
        return TestDaemon.run(b.directory(), in, "nc", "/x/nc", a.address());
    }

    private interface Service<T> {
        T serve(Socket socket) throws Exception;
    }

    private <T> FutureTask<T> serve(Service<T> what) {
        Callable<T> once = () -> {
            try (Socket socket = service.accept()) {
                return what.serve(socket);
            }
        };
        FutureTask<T> task = new FutureTask<>(once);
        Thread.ofVirtual().start(task);
        return task;
    }
}
