package adit.cli;

import adit.control.ControlExchange;
import adit.control.ControlHandler;
import adit.transport.Deadlines;
import adit.transport.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** Answers the RPC: finds the command of a path, runs it, and words its failure. */
final class CommandServer implements ControlHandler {
    private static final String ROOT = "/api/v0/";

    private final Daemon daemon;
    private final Access access;
    private final Log log;

    CommandServer(Daemon daemon, Access access, Log log) {
        this.daemon = daemon;
        this.access = access;
        this.log = log;
    }

    @Override public void handle(ControlExchange exchange) throws IOException {
        String path = exchange.path();
        Command command = path.equals(MetricsCommand.PATH) ? new MetricsCommand()
                : path.startsWith(ROOT) ? Commands.ofPath(path.substring(ROOT.length())) : null;
        if (command == null) {
            exchange.respond(404, "text/plain; charset=utf-8", "404 page not found\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        log.debug("%s %s", exchange.user(), path);
        String refusal = access.refusal(exchange, command.syntax().name());
        if (refusal != null) {
            log.warn("audit: %s: refused: %s", exchange.user(), DaemonLog.oneLine(refusal));
            exchange.respond(403, "application/json", (Json.object().with("Message", refusal).with("Code", 0).with("Type", "error") + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            return;
        }
        Call call;
        try {
            call = new Call(daemon, command.syntax(), exchange);
        } catch (UsageException wrong) {
            exchange.respondError(wrong.getMessage(), 1);
            return;
        }
        if (call.isChange()) {
            audited(command, call, call.audit(access.isByToken(exchange)));
        } else {
            answer(command, call);
        }
    }

    /** Told before, since some commands end with the daemon or with their tunnel, and again if it came to nothing. */
    private void audited(Command command, Call call, String what) throws IOException {
        log.info("audit: %s", what);
        boolean isDone = false;
        try {
            isDone = answer(command, call);
        } finally {
            if (!isDone) {
                log.info("audit: %s: failed", what);
            }
        }
    }

    /** False when the command failed and that was answered. */
    private boolean answer(Command command, Call call) throws IOException {
        try {
            serve(command, call);
            return true;
        } catch (UsageException wrong) {
            call.fail(wrong.getMessage(), wrong.hint(), 1);
        } catch (CommandException failure) {
            call.fail(failure.getMessage(), failure.hint(), 0);
        } catch (IllegalArgumentException | IllegalStateException refused) {
            call.fail(text(refused), null, 0);
        }
        return false;
    }

    /** Within the time the caller allows, if it allows one. */
    private void serve(Command command, Call call) throws IOException {
        String timeout = call.option("timeout");
        if (timeout == null) {
            command.serve(call);
            return;
        }
        Thread worker = Thread.currentThread();
        AtomicBoolean isExpired = new AtomicBoolean();
        try (Deadlines.Deadline _ = daemon.deadlines().after(GoDuration.parse(timeout), () -> {
            isExpired.set(true);
            worker.interrupt();
        })) {
            command.serve(call);
        } catch (IOException failure) {
            if (!isExpired.get()) {
                throw failure;
            }
        }
        if (isExpired.get() && !call.isAnswered()) {
            // an interrupted thread cannot write
            Thread.interrupted();
            call.fail("timed out after " + timeout, null, 0);
        }
    }

    private static String text(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
