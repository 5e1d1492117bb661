package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import adit.transport.Buffer;
import adit.transport.BufferPool;
import adit.transport.Stream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SendBufferTest {
    private final BufferPool pool = new BufferPool(4);
    private final SendBuffer buffer = new SendBuffer(pool);
    private SocketChannel writer;
    private LocalEnd reader;

    @BeforeEach void connect() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            writer = SocketChannel.open(server.getLocalAddress());
            reader = LocalEnd.of(server.accept());
        }
    }

    @AfterEach void close() throws Exception {
        writer.close();
        reader.close();
    }

    @Test void fewBytesNeedNoLargeBuffer() throws Exception {
        write(100);
        assertEquals(100, buffer.fill(reader, 1 << 20));
        assertEquals(0, pool.lent());
    }

    @Test void manyBytesGoTogetherInALargeOne() throws Exception {
        write(50_000);
        assertEquals(50_000, buffer.fill(reader, 1 << 20));
        assertEquals(1, pool.lent());
        for (int i = 0; i < 50_000; i++) {
            assertEquals((byte) i, buffer.bytes()[Stream.HEADROOM + i]);
        }
        buffer.close();
        assertEquals(0, pool.lent());
    }

    @Test void noMoreIsReadThanThereIsCredit() throws Exception {
        write(50_000);
        assertEquals(10, buffer.fill(reader, 10));
        buffer.close();
        assertEquals(3000, buffer.fill(reader, 3000));
        buffer.close();
        assertEquals(46_990, buffer.fill(reader, 1 << 20));
    }

    @Test void theSmallArrayDoesWhileManyBuffersAreLent() throws Exception {
        List<Buffer> lent = new ArrayList<>();
        for (int i = 0; i < SendBuffer.MAXIMUM_LENT; i++) {
            lent.add(pool.borrow());
        }
        write(50_000);
        assertEquals(SendBuffer.SMALL_PAYLOAD, buffer.fill(reader, 1 << 20));
        assertEquals(SendBuffer.SMALL_PAYLOAD, buffer.fill(reader, 1 << 20));
        lent.forEach(Buffer::release);
        assertEquals(50_000 - 2 * SendBuffer.SMALL_PAYLOAD, buffer.fill(reader, 1 << 20));
    }

    /** All of it waits at the reader when this returns. */
    private void write(int length) throws Exception {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        writer.write(ByteBuffer.wrap(bytes));
        Conditions.await(() -> {
            try {
                return reader.channel().socket().getInputStream().available() == length;
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
