package adit.transport;

import adit.identity.PrivateKey;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The load of test-net/bench/load.c over nothing but a secure channel between two processes: what the tunnel could reach
 * if muxer, copy loop and the sockets of client and service cost nothing.
 * <ol>
 * <li>{@code server tls|noise} prints its port and serves;</li>
 * <li>{@code client tls|noise PORT} reads lines like {@code push 1000000000} and answers each as load.c does.</li>
 * </ol>
 * Every line is a connection of its own, whose first record is the mode's letter and a count.
 */
final class ChannelLoad {
    /** The letter and the count. */
    private static final int REQUEST_BYTES = 1 + Long.BYTES;
    private static final int UNCOUNTED_TRIPS = 200;

    private final Upgrader upgrader;
    private final byte[] record = new byte[SecureChannel.HEADROOM + SecureChannel.MAXIMUM_PLAINTEXT + SecureChannel.TAILROOM];

    private ChannelLoad(String security) {
        TransportSettings settings = TransportSettings.defaults().withSecurity(List.of(security.equals("tls") ? "/tls/1.0.0" : "/noise"));
        upgrader = new Upgrader(PrivateKey.generate(), settings, new BufferPool(8));
    }

    public static void main(String[] words) throws IOException {
        if (words[0].equals("server")) {
            serveLoop(words[1]);
        } else {
            new ChannelLoad(words[1]).clientLoop(Integer.parseInt(words[2]));
        }
    }

    private static void serveLoop(String security) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
            while (true) {
                SocketChannel socket = server.accept();
                try {
                    new ChannelLoad(security).serve(socket);
                } catch (IOException e) {
                    System.err.println(e);
                }
            }
        }
    }

    private void serve(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        try (SecureChannel channel = upgrader.secure(socket, Role.RESPONDER, null)) {
            Segment first = channel.read();
            ByteBuffer request = ByteBuffer.wrap(first.buffer().bytes, first.offset(), first.length());
            byte mode = request.get();
            long count = request.getLong();
            long more = request.remaining();
            first.buffer().release();
            switch (mode) {
                case 'p' -> {
                    receive(channel, count - more);
                    send(channel, 1);
                    channel.read();
                }
                case 'g' -> {
                    send(channel, count);
                    channel.read();
                }
                default -> {
                    send(channel, more);
                    echoLoop(channel);
                }
            }
        }
    }

    private void echoLoop(SecureChannel channel) throws IOException {
        for (Segment segment = channel.read(); segment != null; segment = channel.read()) {
            System.arraycopy(segment.buffer().bytes, segment.offset(), record, SecureChannel.HEADROOM, segment.length());
            int length = segment.length();
            segment.buffer().release();
            channel.write(record, SecureChannel.HEADROOM, length);
        }
    }

    private void clientLoop(int port) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            long count = Long.parseLong(words[1]);
            try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SecureChannel channel = upgrader.secure(socket, Role.INITIATOR, null);
                System.out.println(words[0].equals("pingpong")
                        ? trips(channel, (int) count, Integer.parseInt(words[2])) : transfer(channel, words[0].equals("push"), count));
            }
        }
    }

    private String transfer(SecureChannel channel, boolean push, long count) throws IOException {
        long begin = System.nanoTime();
        request(channel, push ? 'p' : 'g', count);
        if (push) {
            send(channel, count);
            receive(channel, 1);
        } else {
            receive(channel, count);
        }
        return String.format("MB/s %.2f", count * 1e3 / (System.nanoTime() - begin));
    }

    private String trips(SecureChannel channel, int count, int size) throws IOException {
        double[] microseconds = new double[count];
        request(channel, 'e', 0);
        for (int i = -UNCOUNTED_TRIPS; i < count; i++) {
            long begin = System.nanoTime();
            send(channel, size);
            receive(channel, size);
            if (i >= 0) {
                microseconds[i] = (System.nanoTime() - begin) / 1e3;
            }
        }
        Arrays.sort(microseconds);
        return String.format("rtt_us p50 %.1f p90 %.1f p99 %.1f",
                microseconds[count / 2], microseconds[count * 9 / 10], microseconds[count * 99 / 100]);
    }

    private void request(SecureChannel channel, char mode, long count) throws IOException {
        ByteBuffer.wrap(record, SecureChannel.HEADROOM, REQUEST_BYTES).put((byte) mode).putLong(count);
        channel.write(record, SecureChannel.HEADROOM, REQUEST_BYTES);
    }

    private void send(SecureChannel channel, long count) throws IOException {
        for (long left = count; left > 0; left -= SecureChannel.MAXIMUM_PLAINTEXT) {
            channel.write(record, SecureChannel.HEADROOM, (int) Math.min(left, SecureChannel.MAXIMUM_PLAINTEXT));
        }
    }

    private static void receive(SecureChannel channel, long count) throws IOException {
        long left = count;
        while (left > 0) {
            Segment segment = channel.read();
            if (segment == null) {
                throw new EOFException(left + " bytes are missing");
            }
            left -= segment.length();
            segment.buffer().release();
        }
    }
}
