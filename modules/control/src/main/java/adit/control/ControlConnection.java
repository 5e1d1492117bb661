package adit.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;

/** One client's connection: requests one after another, each answered before the next is read. */
final class ControlConnection {
    /** How long a client that is refused may take to send its request, and then to go on sending before it must have read why. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** Read at once of what nobody wants. */
    private static final int SCRAP_BYTES = 16 * 1024;

    private final ControlServer server;
    private final SocketChannel channel;
    private final String user;
    private final Role role;
    private final ControlSettings settings;
    private final Deadlines deadlines;
    private final HttpInput input;
    private final HttpOutput output;
    private final Thread thread;
    private final HttpException refusal;
    private volatile Exchange exchange;
    private volatile boolean isRequestExpired;

    /**
     * @param user who is at the other end
     * @param role what that user may do, null for nothing
     * @param refusal what any request is answered with, null for a user who may ask
     */
    ControlConnection(ControlServer server, SocketChannel channel, String user, Role role, HttpException refusal) {
        this.server = server;
        this.channel = channel;
        this.user = user;
        this.role = role;
        this.refusal = refusal;
        this.settings = server.settings();
        this.deadlines = server.deadlines();
        this.input = new HttpInput(channel);
        this.output = new HttpOutput(channel, deadlines, settings.writeTimeout());
        this.thread = Thread.ofVirtual().name("control connection").unstarted(this::requestLoop);
    }

    Thread thread() {
        return thread;
    }

    SocketChannel channel() {
        return channel;
    }

    HttpOutput output() {
        return output;
    }

    String user() {
        return user;
    }

    Role role() {
        return role;
    }

    private void requestLoop() {
        try {
            boolean isOpen = refusal == null;
            if (!isOpen) {
                refuseFirstRequest();
            }
            while (isOpen && awaitRequest()) {
                isOpen = serveRequest();
            }
        } catch (IOException ended) {
            // the client went away or its time was up: there is nobody to tell
        } finally {
            cut();
            server.forget(this);
        }
    }

    /**
     * The request is read before it is refused: clients take an answer that is there before they have asked, or a connection closed under
     * their request, for a broken connection, and do not show the reason.
     */
    private void refuseFirstRequest() throws IOException {
        Future<?> deadline = deadlines.after(LINGER, this::expireRequest);
        try {
            new RequestParser(input, settings).readHead();
        } catch (HttpException | EOFException notEvenARequest) {
            // refused all the same
        } finally {
            deadline.cancel(false);
        }
        refuse(refusal);
    }

    private boolean awaitRequest() throws IOException {
        if (input.isBuffered()) {
            return true;
        }
        Future<?> deadline = deadlines.after(settings.idleTimeout(), this::closeChannel);
        try {
            return input.await();
        } finally {
            deadline.cancel(false);
        }
    }

    private boolean serveRequest() throws IOException {
        try (Turns.Turn turn = server.bodies(role).next()) {
            exchange = receive(turn);
            return handle(exchange);
        } catch (HttpException broken) {
            refuse(broken);
            return false;
        }
    }

    private Exchange receive(Turns.Turn turn) throws IOException {
        var parser = new RequestParser(input, settings);
        Future<?> deadline = deadlines.after(settings.requestTimeout(), this::expireRequest);
        try {
            Request request = parser.readHead();
            if (hasLargeBody(request) && !turn.await(settings.requestTimeout().dividedBy(2))) {
                throw new HttpException(503, "other requests with a body of more than " + settings.largeBody()
                        + " bytes are before this one: try again later");
            }
            if (request.expectsContinue() && !input.isBuffered()) {
                output.write(Answer.CONTINUE, new byte[0]);
            }
            byte[] body = parser.readBody(request);
            if (isRequestExpired) {
                throw requestTimeout();
            }
            return new Exchange(this, request, body);
        } catch (EOFException early) {
            throw isRequestExpired ? requestTimeout() : new HttpException(400, "request ended before it was complete");
        } finally {
            deadline.cancel(false);
        }
    }

    private boolean hasLargeBody(Request request) {
        return request.bodyLength() == Request.CHUNKED || request.bodyLength() > settings.largeBody();
    }

    /** Ends the read, not the connection: the client is still to hear why. */
    private void expireRequest() {
        isRequestExpired = true;
        try {
            channel.shutdownInput();
        } catch (IOException ignored) {
            // it is closed already
        }
    }

    private HttpException requestTimeout() {
        return new HttpException(408, "request was not complete within " + settings.requestTimeout().toMillis() + " ms");
    }

    private boolean handle(Exchange current) throws IOException {
        Exception failure = null;
        try {
            server.handler().handle(current);
        } catch (IOException refused) {
            failure = refused;
        } catch (RuntimeException unexpected) {
            failure = unexpected;
            server.warn("control: " + current.path() + ": " + unexpected);
        }
        // the interrupt was for the handler; with it pending, the write of the answer's end would close the channel instead
        Thread.interrupted();
        boolean isOpen = current.finish(failure);
        if (isOpen) {
            exchange = null;
        }
        return isOpen;
    }

    /**
     * Answers a request that is not served. What the client still sends is read for a moment: closing with unread bytes would
     * show it a reset or a broken pipe in place of the answer.
     */
    private void refuse(HttpException reason) throws IOException {
        byte[] text = Answer.text(reason.getMessage());
        output.write(Answer.whole(reason.status(), Answer.TEXT, text.length, reason.headerLines() + "Connection: close\r\n"), text);
        channel.shutdownOutput();
        Future<?> deadline = deadlines.after(LINGER, this::closeChannel);
        try (Turns.Turn turn = server.scraps().next()) {
            ByteBuffer scrap = ByteBuffer.allocate(SCRAP_BYTES);
            // most send no more than that
            boolean isMore = channel.read(scrap) >= 0 && turn.await(LINGER);
            for (long total = 0; isMore && total <= settings.maximumBody(); total += scrap.position()) {
                isMore = channel.read(scrap.clear()) >= 0;
            }
        } finally {
            deadline.cancel(false);
        }
    }

    /** Gives the socket away: this connection is no longer counted nor closed here. */
    ControlExchange.Upgraded handOver() {
        server.forget(this);
        return new ControlExchange.Upgraded(channel, input.takeBuffered());
    }

    /** The server closes: an idle connection ends, a streamed answer ends well, any other answer has until {@link #abort} to end. */
    void stop() {
        Exchange current = exchange;
        if (current == null) {
            closeChannel();
        } else {
            current.stop();
        }
    }

    /** Closes the channel, which frees whoever reads or writes. */
    void cut() {
        Exchange current = exchange;
        if (current == null || !current.isUpgraded()) {
            closeChannel();
        }
    }

    void abort() {
        Exchange current = exchange;
        if (current == null) {
            closeChannel();
        } else {
            current.abandon();
        }
    }

    void runGuarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            server.warn("control: after a client went away: " + failure);
        }
    }

    void closeChannel() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // it is closed all the same
        }
    }
}
