package adit.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;

/**
 * One request and its answer, for the thread that handles it; {@link #write} may also be called from others. An answer is either whole, or
 * streamed, or an upgrade: a second one is an IllegalStateException. Every write is bounded in time: a client that does not read loses its
 * connection, and the write fails.
 */
public interface ControlExchange {
    /** "POST". */
    String method();

    /** Decoded path without query: "/api/v0/p2p/ls". */
    String path();

    /** Query parameters, decoded, in order; repeated names keep all values. */
    Map<String, List<String>> query();

    /** Header by lower-case name, null when absent. */
    String header(String name);

    /** The body, within the limit; empty when there is none. */
    byte[] body();

    /** The caller's user name by SO_PEERCRED. */
    String user();

    /** What that user may do. */
    Role role();

    /** Answers whole: status, content type, body. */
    void respond(int status, String contentType, byte[] body) throws IOException;

    /** Kubo's error answer: HTTP 500 (400 for code 1) with {"Message","Code","Type":"error"}. */
    void respondError(String message, int code) throws IOException;

    /**
     * Begins a streamed answer with status 200 (chunked), headers flushed at once; from here on a client that closes its sending side
     * counts as gone.
     */
    void startStreaming(String contentType) throws IOException;

    /** One flushed chunk of a streamed answer; when the handler returns, the answer ends well. */
    void write(byte[] chunk) throws IOException;

    /** Ends a streamed answer that failed half way: the X-Stream-Error trailer as Kubo's clients read it. */
    void failStreaming(String message) throws IOException;

    /**
     * Runs the action once when the client goes away before the answer has ended, or the server closes before that; also wakes the
     * handler's thread by interrupt, before or after. It runs on another thread, at once on this one if the client has gone already, and
     * must not block. A handler that asks for this takes a client that closes its sending side for one that is gone, and ends the
     * connection with its answer.
     */
    void onDisconnect(Runnable action);

    /**
     * Answers 101 and hands over the socket: raw bytes both ways from now on. The server no longer counts this connection, ends it or
     * interrupts its handler. Comes before any onDisconnect.
     *
     * @throws IOException when the request did not ask for this protocol: let it pass, the client is then told so (426)
     */
    Upgraded upgrade(String protocol) throws IOException;

    /**
     * @param channel blocking; whoever took it closes it
     * @param initial bytes that had already arrived behind the request, or behind its answer at the client
     */
    record Upgraded(SocketChannel channel, byte[] initial) {}
}
