package adit.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;

/** One request and its answer. */
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

    /** Answers whole: status, content type, body. */
    void respond(int status, String contentType, byte[] body) throws IOException;

    /** Kubo's error answer: HTTP 500 (400 for code 1) with {"Message","Code","Type":"error"}. */
    void respondError(String message, int code) throws IOException;

    /** Begins a streamed answer (chunked), headers flushed at once. */
    void startStreaming(String contentType) throws IOException;

    /** One flushed chunk of a streamed answer. */
    void write(byte[] chunk) throws IOException;

    /** Ends a streamed answer that failed half way: the X-Stream-Error trailer as Kubo's clients read it. */
    void failStreaming(String message) throws IOException;

    /** Runs the action once when the client goes away before the answer has ended; also wakes this thread by interrupt. */
    void onDisconnect(Runnable action);

    /** Answers 101 and hands over the socket: raw bytes both ways from now on. */
    Upgraded upgrade(String protocol) throws IOException;

    /**
     * @param channel blocking; whoever took it closes it
     * @param initial bytes that had already arrived behind the request
     */
    record Upgraded(SocketChannel channel, byte[] initial) {}
}
