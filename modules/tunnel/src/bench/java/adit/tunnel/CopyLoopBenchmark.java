package adit.tunnel;

import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a client's write until the copy loop has handed the bytes to the stream: a hop between two threads, over a real socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CopyLoopBenchmark {
    /** A keystroke, and a part of a bulk transfer. */
    @Param({"64", "1048576"})
    public int length;

    private final CountingStream stream = new CountingStream();
    private final Loops loops = new Loops(4);
    private final Deadlines deadlines = new Deadlines();
    private ByteBuffer bytes;
    private SocketChannel client;
    private CopyLoop loop;

    @Setup public void start() throws IOException {
        bytes = ByteBuffer.allocate(length);
        SocketChannel accepted;
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = SocketChannel.open(server.getLocalAddress());
            accepted = server.accept();
        }
        Surroundings surroundings = new Surroundings(null, TunnelSettings.defaults(), new BufferPool(8), loops, deadlines, null, null);
        loop = new CopyLoop(stream, LocalEnd.of(accepted), surroundings, new Counters());
        loops.start("up", loop::upLoop);
    }

    @Benchmark public void copyUp() throws IOException, InterruptedException {
        bytes.clear();
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
        stream.await(length);
    }

    @TearDown public void stop() throws IOException {
        loop.abort(new IOException("the benchmark has ended"));
        client.close();
        deadlines.close();
        loops.close();
    }
}
