package adit.control;

import java.io.IOException;

/** A streamed answer; the trailer X-Stream-Error at its end is thrown, not hidden. */
final class AnswerInputStream extends BodyInputStream {
    private final ChunkedInputStream chunks;

    AnswerInputStream(ChunkedInputStream chunks) {
        this.chunks = chunks;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = chunks.read(target, offset, length);
        String failure = count < 0 ? chunks.trailers().first("x-stream-error") : null;
        if (failure != null) {
            throw new StreamFailedException(HttpInput.utf8(failure));
        }
        return count;
    }
}
