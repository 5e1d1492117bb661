package adit.transport;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The header of every frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class YamuxFrameBenchmark {
    private final byte[] bytes = new byte[YamuxFrame.HEADER];
    private long streamId = 1;

    @Setup public void encodeOnce() {
        encode();
    }

    @Benchmark public byte[] encode() {
        new YamuxFrame(YamuxFrame.DATA, 0, streamId, 65_000).encode(bytes, 0);
        streamId += 2;
        return bytes;
    }

    @Benchmark public long decode() throws ProtocolViolation {
        YamuxFrame frame = YamuxFrame.decode(bytes, 0);
        return frame.streamId() + frame.length();
    }
}
