package adit.transport;

import java.io.IOException;

/** What a stream speaks, and whether the remote peer has yet to answer that it does. The monitor guards both. */
final class StreamProtocol {
    private String name = "";
    private boolean answerAwaited;

    /** "" before negotiation. */
    synchronized String name() {
        return name;
    }

    synchronized void set(String negotiated) {
        name = negotiated;
    }

    /** Sends the proposal with the stream's first frame; the answer is read before the first byte of the remote peer. */
    void proposeLazily(String proposed, YamuxStream stream) throws IOException {
        byte[] proposal = Multistream.proposal(proposed);
        byte[] frame = new byte[Stream.HEADROOM + proposal.length + Stream.TAILROOM];
        System.arraycopy(proposal, 0, frame, Stream.HEADROOM, proposal.length);
        synchronized (this) {
            name = proposed;
            answerAwaited = true;
        }
        stream.send(frame, Stream.HEADROOM, proposal.length);
    }

    /** On the reading thread, before it reads anything else; blocks until the answer has come, when it has not been read yet. */
    void readAwaitedAnswer(YamuxStream stream) throws IOException {
        synchronized (this) {
            if (!answerAwaited) {
                return;
            }
            answerAwaited = false;
        }
        try {
            Multistream.readAnswer(stream.inputStream(), name());
        } catch (IOException e) {
            stream.abort("negotiating " + name() + " failed: " + e.getMessage(), true);
            throw e;
        }
    }
}
