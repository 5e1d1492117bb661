package adit.swarm;

import adit.transport.Deadlines;
import adit.transport.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/** The ping protocol (libp2p specs, ping/ping.md): 32 random bytes come back as they were. */
final class Ping {
    static final String ID = "/ipfs/ping/1.0.0";

    /** Streams of one peer served at a time; the specification's number. */
    static final int MAXIMUM_STREAMS = 2;

    private static final int LENGTH = 32;
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final SecureRandom random = new SecureRandom();
    private final SwarmSettings settings;
    private final Deadlines deadlines;

    Ping(SwarmSettings settings, Deadlines deadlines) {
        this.settings = settings;
        this.deadlines = deadlines;
    }

    /** Serves {@link #ID} until the remote peer ends its direction or is silent for too long. */
    void answer(Stream stream) throws IOException {
        stream.setReadTimeout(IDLE_TIMEOUT);
        InputStream in = stream.inputStream();
        byte[] bytes = new byte[LENGTH];
        while (in.readNBytes(bytes, 0, LENGTH) == LENGTH) {
            stream.write(bytes, 0, LENGTH);
        }
        stream.close();
    }

    /** One round trip on a stream of its own, which it closes. */
    Duration measure(Stream stream) throws IOException {
        byte[] sent = new byte[LENGTH];
        random.nextBytes(sent);
        StreamDeadline deadline = new StreamDeadline(deadlines, settings.pingTimeout(), stream);
        try (deadline) {
            long start = System.nanoTime();
            stream.write(sent, 0, LENGTH);
            byte[] received = stream.inputStream().readNBytes(LENGTH);
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
            if (!Arrays.equals(sent, received)) {
                throw new IOException("the answer to the ping has other bytes");
            }
            stream.close();
            return roundTrip;
        } catch (IOException e) {
            stream.reset();
            throw deadline.explained(e);
        }
    }
}
