package adit.multiformats;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One length prefix, as before every message of every protocol. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VarintBenchmark {
    /** One, two and five bytes. */
    @Param({"100", "10000", "4294967295"})
    public long value;

    private final byte[] bytes = new byte[16];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    @Setup public void encodeOnce() {
        Varint.encode(value, bytes, 0);
    }

    @Benchmark public int encode() {
        return Varint.encode(value, bytes, 0);
    }

    @Benchmark public long decode() throws MalformedException {
        return Varint.decode(buffer.clear());
    }
}
