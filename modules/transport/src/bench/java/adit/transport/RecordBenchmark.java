package adit.transport;

import adit.identity.PrivateKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the secure channels take to seal and to open, without the sockets: opening is the difference of the two. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RecordBenchmark {
    @Param({"/tls/1.0.0", "/noise"})
    public String security;

    /** A keystroke with its frame header, and a full buffer of a bulk transfer. */
    @Param({"76", "65519"})
    public int length;

    private final byte[] record = new byte[SecureChannel.HEADROOM + SecureChannel.MAXIMUM_PLAINTEXT + SecureChannel.TAILROOM];
    private MemoryWire wire;
    private SecureChannel sender;
    private SecureChannel receiver;

    @Setup public void connect() throws Exception {
        wire = new MemoryWire();
        MemoryWire back = new MemoryWire();
        BufferPool pool = new BufferPool(8);
        Upgrader listener = upgrader(pool);
        FutureTask<SecureChannel> responder = new FutureTask<>(() -> listener.secure(MemoryWire.channel(wire, back), Role.RESPONDER, null));
        Thread.ofPlatform().daemon().start(responder);
        sender = upgrader(pool).secure(MemoryWire.channel(back, wire), Role.INITIATOR, null);
        receiver = responder.get(30, TimeUnit.SECONDS);
    }

    private Upgrader upgrader(BufferPool pool) {
        return new Upgrader(PrivateKey.generate(), TransportSettings.defaults().withSecurity(List.of(security)), pool);
    }

    @Benchmark public void seal() throws IOException {
        sender.write(record, SecureChannel.HEADROOM, length);
        wire.clear();
    }

    @Benchmark public int sealAndOpen() throws IOException {
        sender.write(record, SecureChannel.HEADROOM, length);
        int opened = 0;
        while (opened < length) {
            Segment segment = receiver.read();
            opened += segment.length();
            segment.buffer().release();
        }
        return opened;
    }
}
