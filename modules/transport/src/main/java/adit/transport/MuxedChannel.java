package adit.transport;

import adit.identity.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A secure channel whose muxer was agreed on by multistream-select over it. What arrived in one record with the last
 * message belongs to the muxer and is read first.
 */
final class MuxedChannel implements SecureChannel {
    private final SecureChannel channel;

    /** Whoever takes it out releases it or passes it on. */
    private final AtomicReference<Segment> first = new AtomicReference<>();

    private MuxedChannel(SecureChannel channel) {
        this.channel = channel;
    }

    /** Blocks until the muxer is agreed on; on failure the channel is closed. */
    static MuxedChannel negotiate(SecureChannel channel, Role role) throws IOException {
        MuxedChannel muxed = new MuxedChannel(channel);
        try {
            if (role == Role.INITIATOR) {
                Multistream.propose(muxed.new Input(), muxed.new Output(), List.of(Upgrader.MUXER));
            } else {
                Multistream.accept(muxed.new Input(), muxed.new Output(), Upgrader.MUXER::equals);
            }
            return muxed;
        } catch (IOException | RuntimeException e) {
            muxed.close();
            throw e;
        }
    }

    @Override public String protocol() {
        return channel.protocol();
    }

    @Override public PublicKey remoteKey() {
        return channel.remoteKey();
    }

    @Override public Optional<String> earlyMuxer() {
        return channel.earlyMuxer();
    }

    @Override public Segment read() throws IOException {
        Segment segment = first.getAndSet(null);
        return segment != null ? segment : channel.read();
    }

    @Override public void write(byte[] buffer, int offset, int length) throws IOException {
        channel.write(buffer, offset, length);
    }

    @Override public void close() throws IOException {
        Segment segment = first.getAndSet(null);
        if (segment != null) {
            segment.buffer().release();
        }
        channel.close();
    }

    /** Takes from the first segment and leaves the rest of it where {@link #read} finds it. */
    private final class Input extends InputStream {
        @Override public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            Segment segment = MuxedChannel.this.read();
            if (segment == null) {
                return -1;
            }
            int taken = Math.min(length, segment.length());
            System.arraycopy(segment.buffer().bytes, segment.offset(), into, offset, taken);
            if (taken < segment.length()) {
                first.set(new Segment(segment.buffer(), segment.offset() + taken, segment.length() - taken));
            } else {
                segment.buffer().release();
            }
            return taken;
        }

        @Override public int available() {
            Segment segment = first.get();
            return segment == null ? 0 : segment.length();
        }
    }

    private final class Output extends OutputStream {
        @Override public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override public void write(byte[] from, int offset, int length) throws IOException {
            byte[] buffer = new byte[HEADROOM + length + TAILROOM];
            System.arraycopy(from, offset, buffer, HEADROOM, length);
            channel.write(buffer, HEADROOM, length);
        }
    }
}
