package adit.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads from a blocking channel. Closing it does nothing; unlike the stream of {@link java.nio.channels.Channels} it
 * takes no lock, so that another thread may write to the channel meanwhile.
 */
final class ChannelInput extends InputStream {
    private final ReadableByteChannel channel;

    ChannelInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    @Override public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override public int read(byte[] into, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, offset, length));
    }
}
