package adit.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The remote end of a muxed connection, frame by frame as the test says. */
final class ScriptedPeer {
    private final SocketChannel socket;

    ScriptedPeer(SocketChannel socket) {
        this.socket = socket;
    }

    void send(int type, int flags, long streamId, long length, byte... payload) throws IOException {
        byte[] frame = new byte[YamuxFrame.HEADER + payload.length];
        new YamuxFrame(type, flags, streamId, length).encode(frame, 0);
        System.arraycopy(payload, 0, frame, YamuxFrame.HEADER, payload.length);
        sendBytes(frame);
    }

    void data(int flags, long streamId, byte... payload) throws IOException {
        send(YamuxFrame.DATA, flags, streamId, payload.length, payload);
    }

    /** Whole: a test may send from one thread while another one answers pings. */
    synchronized void sendBytes(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            socket.write(left);
        }
    }

    /** The next frame that is no ping; pings of the other end are answered. */
    YamuxFrame take() throws IOException {
        while (true) {
            byte[] header = takeBytes(YamuxFrame.HEADER);
            YamuxFrame frame = YamuxFrame.decode(header, 0);
            if (frame.type() != YamuxFrame.PING) {
                return frame;
            }
            if (frame.has(YamuxFrame.SYN)) {
                send(YamuxFrame.PING, YamuxFrame.ACK, 0, frame.length());
            }
        }
    }

    byte[] takeBytes(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (socket.read(bytes) < 0) {
                throw new java.io.EOFException("connection closed");
            }
        }
        return bytes.array();
    }

    /** Reads whatever comes until the other end closes. Returns the last frame but pings, null when there was none. */
    YamuxFrame takeUntilClosed() throws IOException {
        YamuxFrame last = null;
        try {
            while (true) {
                YamuxFrame frame = take();
                if (frame.type() == YamuxFrame.DATA) {
                    takeBytes((int) frame.length());
                }
                last = frame;
            }
        } catch (IOException e) {
            return last;
        }
    }
}
