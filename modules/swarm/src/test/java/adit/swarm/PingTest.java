package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Multistream;
import adit.transport.ProtocolNotSupportedException;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PingTest {
    private Node a;
    private Node b;

    @BeforeEach void open() throws IOException {
        a = new Node();
        b = new Node();
        a.knows(b);
    }

    @AfterEach void close() {
        a.close();
        b.close();
    }

    private void serve(StreamHandler handler) {
        b.swarm.unhandle(Ping.ID);
        b.swarm.handle(Ping.ID, true, handler);
    }

    @Test void roundTripIsMeasuredInBothDirections() throws Exception {
        assertTrue(a.swarm.ping(b.swarm.self()).toNanos() > 0);
        assertTrue(b.swarm.ping(a.swarm.self()).toNanos() > 0);
        for (int i = 0; i < 20; i++) {
            a.swarm.ping(b.swarm.self());
        }
        Conditions.await(() -> a.swarm.connections().getFirst().streams().isEmpty());
    }

    @Test void otherBytesAreAnError() {
        serve(stream -> {
            byte[] bytes = stream.inputStream().readNBytes(32);
            bytes[31] ^= 1;
            stream.outputStream().write(bytes);
            stream.close();
        });
        IOException failure = assertThrows(IOException.class, () -> a.swarm.ping(b.swarm.self()));
        assertEquals("the answer to the ping has other bytes", failure.getMessage());
    }

    @Test void silenceEndsInTime() throws IOException {
        serve(stream -> stream.inputStream().readAllBytes());
        try (Node impatient = new Node(TestSettings.impatient(Duration.ofMillis(300)))) {
            impatient.knows(b);
            assertThrows(SocketTimeoutException.class, () -> impatient.swarm.ping(b.swarm.self()));
        }
    }

    @Test void peerWithoutPingSaysSo() {
        b.swarm.unhandle(Ping.ID);
        assertThrows(ProtocolNotSupportedException.class, () -> a.swarm.ping(b.swarm.self()));
    }

    @Test void oneStreamCarriesManyPings() throws IOException {
        a.swarm.connect(b.swarm.self());
        try (Stream stream = a.swarm.openStream(b.swarm.self(), Ping.ID)) {
            for (byte i = 0; i < 10; i++) {
                byte[] ping = new byte[32];
                Arrays.fill(ping, i);
                stream.outputStream().write(ping);
                assertEquals(i, stream.inputStream().readNBytes(32)[31]);
            }
            stream.closeWrite();
            assertEquals(-1, stream.inputStream().read());
        }
    }

    @Test void onlyTwoStreamsOfOnePeerAreServed() throws IOException {
        List<Stream> served = List.of(negotiated(), negotiated());
        for (Stream stream : served) {
            stream.outputStream().write(new byte[32]);
            assertEquals(32, stream.inputStream().readNBytes(32).length);
        }
        assertThrows(StreamResetException.class, () -> negotiated().inputStream().read());
    }

    private Stream negotiated() throws IOException {
        Stream stream = a.swarm.connect(b.swarm.self()).openStream();
        Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(Ping.ID));
        return stream;
    }
}
