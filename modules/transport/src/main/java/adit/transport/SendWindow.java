package adit.transport;

/** How many bytes one stream may send. Guarded by the stream's monitor. */
final class SendWindow {
    private long left = YamuxFrame.INITIAL_WINDOW;

    /** 0 when the remote peer has to read first. */
    int left() {
        return (int) left;
    }

    void take(int length) {
        if (length <= 0 || length > Stream.MAXIMUM_PAYLOAD || length > left) {
            throw new IllegalArgumentException("cannot send " + length + " bytes, window " + left);
        }
        left -= length;
    }

    void grow(long credit, long streamId) throws ProtocolViolation {
        left += credit;
        if (left > Integer.MAX_VALUE) {
            throw new ProtocolViolation("window update beyond 2 GiB on stream " + streamId);
        }
    }
}
