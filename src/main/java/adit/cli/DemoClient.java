package adit.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** The client at the other end of the demo's tunnel: sends and fetches the data and measures. */
final class DemoClient {
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);
    private static final int ECHO_BYTES = 64;
    private static final int WARM_UPS = 3000;
    private static final int ROUND_TRIPS = 5000;
    private static final Duration ROUND_TRIP_TIME = Duration.ofSeconds(5);
    private static final int MAXIMUM_ANSWER = 256;

    private final InetSocketAddress forwarder;
    private final DemoData data;

    /** Round trips of {@value #ECHO_BYTES} bytes. */
    record RoundTrips(int count, Duration median, Duration percentile99) {}

    DemoClient(InetSocketAddress forwarder, DemoData data) {
        this.forwarder = forwarder;
        this.data = data;
    }

    private Socket connect(int wish) throws IOException {
        Socket socket = new Socket();
        boolean isDone = false;
        try {
            socket.setSoTimeout((int) SILENCE_LIMIT.toMillis());
            socket.setTcpNoDelay(true);
            socket.connect(forwarder, (int) SILENCE_LIMIT.toMillis());
            socket.getOutputStream().write(wish);
            isDone = true;
            return socket;
        } finally {
            if (!isDone) {
                socket.close();
            }
        }
    }

    /** Sends all, ends its direction, then reads the service's answer, which must still arrive. */
    Duration push(DemoData.Received whole, Runnable eachMegabyte) throws IOException {
        try (Socket socket = connect(DemoService.TAKE)) {
            long start = System.nanoTime();
            data.writeTo(socket.getOutputStream(), eachMegabyte);
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readNBytes(MAXIMUM_ANSWER), StandardCharsets.US_ASCII).strip();
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            check("the service received", answer, whole);
            return time;
        }
    }

    /** Fetches all. */
    Duration pull(DemoData.Received whole, Runnable eachMegabyte) throws IOException {
        try (Socket socket = connect(DemoService.GIVE)) {
            long start = System.nanoTime();
            DemoData.Received received = DemoData.readFrom(socket.getInputStream(), eachMegabyte);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            check("the client received", received.toString(), whole);
            return time;
        }
    }

    private static void check(String who, String got, DemoData.Received whole) throws CommandException {
        if (!got.equals(whole.toString())) {
            throw new CommandException(who + " other data than was sent: \"" + got + "\" instead of \"" + whole + "\"");
        }
    }

    RoundTrips roundTrips() throws IOException {
        try (Socket socket = connect(DemoService.ECHO)) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] message = new byte[ECHO_BYTES];
            for (int i = 0; i < WARM_UPS; i++) {
                echo(in, out, message);
            }
            long[] times = new long[ROUND_TRIPS];
            long end = System.nanoTime() + ROUND_TRIP_TIME.toNanos();
            int count = 0;
            while (count < ROUND_TRIPS && (count == 0 || System.nanoTime() - end < 0)) {
                times[count++] = echo(in, out, message);
            }
            socket.shutdownOutput();
            drain(in);
            Arrays.sort(times, 0, count);
            return new RoundTrips(count, Duration.ofNanos(times[count / 2]), Duration.ofNanos(times[count * 99 / 100]));
        }
    }

    private static long echo(DataInputStream in, OutputStream out, byte[] message) throws IOException {
        long start = System.nanoTime();
        out.write(message);
        in.readFully(message);
        return System.nanoTime() - start;
    }

    private static void drain(InputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new CommandException("the echo service sent more than it received");
        }
    }
}
