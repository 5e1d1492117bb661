package adit.transport;

/**
 * Cuts decrypted bytes into yamux frames and gives them to the connection and its streams. Payload is handed over in
 * parts as it arrives, never gathered, so a frame's length costs nothing. Runs on the connection's reader only.
 */
final class FrameReader {
    private final YamuxConnection connection;
    private final byte[] header = new byte[YamuxFrame.HEADER];
    private int headerBytes;
    private YamuxFrame frame;
    private YamuxStream stream;
    private long payloadLeft;

    FrameReader(YamuxConnection connection) {
        this.connection = connection;
    }

    void accept(Buffer buffer, int offset, int length) throws ProtocolViolation {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (payloadLeft > 0) {
                at += acceptPayload(buffer, at, end - at);
            } else {
                at += acceptHeader(buffer.bytes, at, end - at);
            }
        }
    }

    private int acceptHeader(byte[] bytes, int offset, int available) throws ProtocolViolation {
        int taken = Math.min(available, YamuxFrame.HEADER - headerBytes);
        System.arraycopy(bytes, offset, header, headerBytes, taken);
        headerBytes += taken;
        if (headerBytes == YamuxFrame.HEADER) {
            headerBytes = 0;
            frame = YamuxFrame.decode(header, 0);
            dispatch();
        }
        return taken;
    }

    private int acceptPayload(Buffer buffer, int offset, int available) {
        int taken = (int) Math.min(available, payloadLeft);
        payloadLeft -= taken;
        if (stream != null && stream.receiveData(buffer, offset, taken)) {
            connection.awaitRoom();
        }
        if (payloadLeft == 0) {
            acceptEnds();
        }
        return taken;
    }

    private void dispatch() throws ProtocolViolation {
        switch (frame.type()) {
            case YamuxFrame.PING -> ping();
            case YamuxFrame.GO_AWAY -> connection.receiveGoAway(frame.length());
            default -> streamFrame();
        }
    }

    private void ping() {
        if (frame.has(YamuxFrame.SYN)) {
            connection.heartbeat().receivePing();
            connection.writeLater(new YamuxFrame(YamuxFrame.PING, YamuxFrame.ACK, 0, frame.length()));
        } else if (frame.has(YamuxFrame.ACK)) {
            connection.heartbeat().receiveAnswer(frame.length());
        }
    }

    private void streamFrame() throws ProtocolViolation {
        stream = frame.has(YamuxFrame.SYN) ? connection.receiveOpen(frame.streamId()) : connection.stream(frame.streamId());
        boolean data = frame.type() == YamuxFrame.DATA;
        if (stream != null) {
            if (frame.has(YamuxFrame.ACK)) {
                connection.receiveAcknowledgement(stream);
            }
            if (data) {
                stream.receiveLength(frame.length());
            } else if (!frame.has(YamuxFrame.RST)) {
                // with RST, length is an error code
                stream.receiveCredit(frame.length());
            }
        } else if (data && frame.length() > YamuxFrame.INITIAL_WINDOW && frame.has(YamuxFrame.SYN)) {
            throw new ProtocolViolation("a new stream's first frame is larger than its window");
        }
        payloadLeft = data ? frame.length() : 0;
        if (payloadLeft == 0) {
            acceptEnds();
        }
    }

    /** FIN and RST count after the payload of their frame. */
    private void acceptEnds() {
        if (stream == null) {
            return;
        }
        if (frame.has(YamuxFrame.RST)) {
            stream.receiveReset();
        } else if (frame.has(YamuxFrame.FIN)) {
            stream.receiveEnd();
        }
        stream = null;
    }
}
