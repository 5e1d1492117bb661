package adit.transport;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Any bytes, cut anywhere: the muxer's reader takes them or calls them a violation, and nothing else happens. */
final class FrameReaderFuzzTest {
    private static final int MAXIMUM_PART = 4096;

    @FuzzTest(maxDuration = "20s")
    @Timeout(60)
    void anyBytesAreFramesOrAViolation(FuzzedDataProvider data) throws IOException {
        try (MuxPair pair = new MuxPair()) {
            YamuxConnection connection = pair.responder();
            connection.start(Stream::close, reason -> { });
            FrameReader reader = new FrameReader(connection);
            Buffer buffer = pair.pool.borrow();
            try {
                while (data.remainingBytes() > 0) {
                    byte[] part = data.consumeBytes(data.consumeInt(1, MAXIMUM_PART));
                    System.arraycopy(part, 0, buffer.bytes, 0, part.length);
                    reader.accept(buffer, 0, part.length);
                }
            } catch (ProtocolViolation e) {
                // what a hostile peer earns
            } finally {
                buffer.release();
                connection.close("enough");
            }
        }
    }
}
