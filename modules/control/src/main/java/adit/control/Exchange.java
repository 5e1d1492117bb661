package adit.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One request and its answer. Its lock guards state, what to do when the client goes away, and the order of what is written; it is held
 * over writes, which HttpOutput bounds in time. The watcher therefore closes the channel before it asks for the lock.
 */
final class Exchange implements ControlExchange {
    /** Bytes a client may send while its answer is being streamed; a client that sends more is cut off. */
    private static final long MAXIMUM_BYTES_WHILE_WATCHED = 64 * 1024;

    /** BROKEN: a write failed, and who waits for the client's end is still to be told; GONE: told. */
    private enum State { UNANSWERED, STREAMING, ENDED, UPGRADED, BROKEN, GONE }

    private final ControlConnection connection;
    private final Request request;
    private final byte[] body;
    private final Thread handler = Thread.currentThread();
    private final List<Runnable> disconnectActions = new ArrayList<>();
    private volatile State state = State.UNANSWERED;
    private boolean isWatched;

    Exchange(ControlConnection connection, Request request, byte[] body) {
        this.connection = connection;
        this.request = request;
        this.body = body;
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public Map<String, List<String>> query() {
        return request.query();
    }

    @Override
    public String header(String name) {
        return request.headers().first(name);
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public String user() {
        return connection.user();
    }

    @Override
    public Role role() {
        return connection.role();
    }

    @Override
    public synchronized void respond(int status, String contentType, byte[] answer) throws IOException {
        respond(status, contentType, answer, "");
    }

    private void respond(int status, String contentType, byte[] answer, String headerLines) throws IOException {
        moveTo(State.UNANSWERED, State.ENDED);
        String last = canServeAnother() ? headerLines : headerLines + "Connection: close\r\n";
        send(Answer.whole(status, contentType, answer.length, last), answer);
    }

    @Override
    public void respondError(String message, int code) throws IOException {
        respond(code == 1 ? 400 : 500, Answer.JSON, Answer.error(message, code));
    }

    @Override
    public synchronized void startStreaming(String contentType) throws IOException {
        moveTo(State.UNANSWERED, State.STREAMING);
        send(Answer.streamed(contentType), new byte[0]);
        watch();
    }

    @Override
    public synchronized void write(byte[] chunk) throws IOException {
        moveTo(State.STREAMING, State.STREAMING);
        if (chunk.length > 0) {
            byte[] ended = new byte[chunk.length + 2];
            System.arraycopy(chunk, 0, ended, 0, chunk.length);
            ended[chunk.length] = '\r';
            ended[chunk.length + 1] = '\n';
            send(Answer.chunkSize(chunk.length), ended);
        }
    }

    @Override
    public synchronized void failStreaming(String message) throws IOException {
        moveTo(State.STREAMING, State.ENDED);
        send(Answer.failedLastChunk(message), new byte[0]);
    }

    @Override
    public void onDisconnect(Runnable action) {
        synchronized (this) {
            if (state == State.UPGRADED || state == State.ENDED) {
                throw new IllegalStateException("answer is " + state + ": too late to ask");
            }
            if (state != State.GONE) {
                disconnectActions.add(action);
                watch();
                return;
            }
        }
        connection.runGuarded(action);
    }

    @Override
    public synchronized Upgraded upgrade(String protocol) throws IOException {
        if (!request.asksForUpgrade(protocol)) {
            throw new HttpException(426, "this needs the request headers Connection: Upgrade and Upgrade: " + protocol,
                    "Connection: Upgrade\r\nUpgrade: " + protocol + "\r\n");
        }
        if (isWatched) {
            throw new IllegalStateException("the watcher may have taken bytes: upgrade comes before onDisconnect");
        }
        moveTo(State.UNANSWERED, State.UPGRADED);
        send(Answer.switched(protocol), new byte[0]);
        return connection.handOver();
    }

    /**
     * An answer that could not be written has not ended: the watcher, which sees the channel close now or soon, tells whoever asked to be
     * told.
     */
    private void send(String head, byte[] rest) throws IOException {
        try {
            connection.output().write(head, rest);
        } catch (IOException gone) {
            state = State.BROKEN;
            throw gone;
        }
    }

    private void moveTo(State expected, State next) throws IOException {
        if (state == State.GONE || state == State.BROKEN) {
            throw new IOException("client has gone away");
        }
        if (state != expected) {
            throw new IllegalStateException("answer is " + state + ", not " + expected);
        }
        state = next;
    }

    /**
     * Whatever the handler left open is ended, by now or never: its thread is not interrupted after this.
     *
     * @param failure what the handler threw, null when it returned
     * @return whether the connection can serve another request
     */
    synchronized boolean finish(Exception failure) throws IOException {
        if (state == State.UNANSWERED && failure instanceof HttpException refusal) {
            respond(refusal.status(), Answer.TEXT, Answer.text(refusal.getMessage()), refusal.headerLines());
        } else if (state == State.UNANSWERED) {
            respondError(failure == null ? "the command gave no answer" : message(failure), 0);
        } else if (state == State.STREAMING && failure != null) {
            failStreaming(message(failure));
        } else if (state == State.STREAMING) {
            endStreaming();
        }
        return state == State.ENDED && canServeAnother();
    }

    private void endStreaming() throws IOException {
        moveTo(State.STREAMING, State.ENDED);
        send(Answer.LAST_CHUNK, new byte[0]);
    }

    private static String message(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private boolean canServeAnother() {
        return request.keepsAlive() && !isWatched;
    }

    /** Without the lock, which a writer may hold for long. */
    boolean isUpgraded() {
        return state == State.UPGRADED;
    }

    /** The server closes: a streamed answer ends well, and its handler hears what it hears when the client goes away. */
    void stop() {
        List<Runnable> actions;
        synchronized (this) {
            if (state != State.STREAMING) {
                return;
            }
            try {
                connection.output().write(Answer.LAST_CHUNK, new byte[0]);
            } catch (IOException ignored) {
                // the client went away at the same moment
            }
            actions = leaveLocked();
        }
        connection.closeChannel();
        actions.forEach(connection::runGuarded);
    }

    /** The client is gone or its time is up: the handler is interrupted, the actions run, and nothing more is written. */
    void abandon() {
        if (isUpgraded()) {
            return;
        }
        connection.closeChannel();
        List<Runnable> actions;
        synchronized (this) {
            actions = state == State.ENDED || state == State.GONE ? List.of() : leaveLocked();
        }
        actions.forEach(connection::runGuarded);
    }

    /** Once at most; after the answer's end never, so that no late interrupt meets the next request. */
    private List<Runnable> leaveLocked() {
        state = State.GONE;
        handler.interrupt();
        return List.copyOf(disconnectActions);
    }

    private void watch() {
        if (!isWatched) {
            isWatched = true;
            Thread.ofVirtual().name("control watcher").start(this::watchLoop);
        }
    }

    /** Reads only to see the end. From now on nobody else reads this connection: it is closed behind this answer. */
    private void watchLoop() {
        try {
            ByteBuffer scrap = ByteBuffer.allocate(256);
            SocketChannel channel = connection.channel();
            for (long total = 0; total <= MAXIMUM_BYTES_WHILE_WATCHED; total += scrap.position()) {
                if (channel.read(scrap.clear()) < 0) {
                    break;
                }
            }
        } catch (IOException gone) {
            // gone, or closed here because the answer is complete: then the state says so
        }
        abandon();
    }
}
