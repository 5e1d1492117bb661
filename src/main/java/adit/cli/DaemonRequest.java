package adit.cli;

import adit.control.ApiFile;
import adit.control.ControlClient;
import adit.control.ControlResponse;
import adit.control.StreamFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The caller's side of a command: asks the daemon and copies its answer as it comes. */
final class DaemonRequest {
    private static final String ROOT = "/api/v0/";
    private static final int BAD_REQUEST = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAXIMUM_ERROR_BYTES = 64 * 1024;

    private final Invocation invocation;
    private final Terminal terminal;

    DaemonRequest(Invocation invocation, Terminal terminal) {
        this.invocation = invocation;
        this.terminal = terminal;
    }

    /** @return the exit code */
    int run() throws IOException {
        Command command = invocation.command();
        CountDownLatch answered = new CountDownLatch(1);
        if (command.patience() != null) {
            Thread.ofVirtual().start(() -> patienceLoop(command.patience(), answered));
        }
        try (ControlResponse response = client().request(ROOT + command.syntax().path(), query(), command.body(invocation, terminal))) {
            answered.countDown();
            if (response.status() != 200) {
                CommandException failure = failure(response.status(), response.body().readNBytes(MAXIMUM_ERROR_BYTES));
                if (response.status() == BAD_REQUEST) {
                    throw new UsageException(failure.getMessage(), failure.hint());
                }
                throw failure;
            }
            String remark = command.remark(invocation);
            if (remark != null) {
                terminal.say("adit: " + remark);
            }
            copy(response.body());
        } catch (StreamFailedException failure) {
            throw new CommandException(failure.getMessage(), null, failure);
        } finally {
            answered.countDown();
        }
        return 0;
    }

    private void patienceLoop(String text, CountDownLatch answered) {
        try {
            if (!answered.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                terminal.say("adit: " + text);
            }
        } catch (InterruptedException e) {
            // nobody does
        }
    }

    static CommandException failure(int status, byte[] body) {
        ErrorAnswer error = ErrorAnswer.parse(status, body);
        return new CommandException(error.message(), error.hint());
    }

    ControlClient client() throws IOException {
        String api = invocation.option("api");
        Path socket = api == null ? new ApiFile(terminal.directory()).read() : Path.of(api.substring("/unix".length()));
        return new ControlClient(socket);
    }

    List<Map.Entry<String, String>> query() {
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (String argument : invocation.arguments()) {
            query.add(Map.entry("arg", argument));
        }
        query.add(Map.entry("encoding", invocation.wantsJson() ? "json" : "text"));
        for (Option option : invocation.command().syntax().options()) {
            String value = invocation.option(option.name());
            if (value != null) {
                query.add(Map.entry(option.name(), value));
            }
        }
        return query;
    }

    private void copy(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
            terminal.out().write(buffer, 0, length);
            terminal.out().flush();
        }
    }
}
