package adit.cli;

import adit.swarm.AddressBook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Measures round trips to a peer. */
final class PingCommand extends Command {
    private static final int DEFAULT_COUNT = 10;
    /** How long an address that was given once is kept when nobody ever connects by it. */
    static final Duration ADDRESS_LIFE = Duration.ofMinutes(10);

    PingCommand() {
        super(new Syntax("ping", "ping", List.of(Argument.required("peer", "the peer's id or address")),
                List.of(Option.valued("NUMBER", "how many pings (default: 10)", "count", "n")),
                "measure the round trip to a peer", "Example: adit ping -n 3 12D3KooW..."));
    }

    @Override
    void serve(Call call) throws IOException {
        PeerAddress target = call.peer(call.argument(0));
        int count = count(call.option("count"));
        if (target.peer().equals(call.daemon().swarm().self())) {
            throw new CommandException("can't ping self");
        }
        call.daemon().swarm().addressBook().add(target.peer(), target.addresses(), ADDRESS_LIFE);
        if (call.daemon().swarm().addressBook().addresses(target.peer()).isEmpty() && !call.daemon().swarm().isConnected(target.peer())) {
            String looking = "Looking up peer " + target.peer();
            call.emit(looking + "\n", status(true, 0, looking));
        }
        call.emit("PING " + target.peer() + ".\n", status(true, 0, "PING " + target.peer() + "."));
        CountDownLatch isGone = new CountDownLatch(1);
        call.exchange().onDisconnect(isGone::countDown);
        long total = 0;
        int answered = 0;
        for (int i = 0; i < count; i++) {
            if (i > 0 && awaitSecond(isGone)) {
                return;
            }
            long nanoseconds = ping(call, target);
            if (nanoseconds >= 0) {
                total += nanoseconds;
                answered++;
            }
        }
        if (answered == 0) {
            throw new CommandException("ping failed");
        }
        String average = "Average latency: " + GoDuration.hundredths(total / answered, 1_000_000) + "ms";
        call.emit(average + "\n", status(true, 0, average));
    }

    /** Nanoseconds, -1 when it failed. */
    private static long ping(Call call, PeerAddress target) throws IOException {
        try {
            long nanoseconds = call.daemon().swarm().ping(target.peer()).toNanos();
            call.emit("Pong received: time=" + GoDuration.hundredths(nanoseconds, 1_000_000) + " ms\n", status(true, nanoseconds, ""));
            return nanoseconds;
        } catch (IOException failure) {
            String text = "Ping error: " + Failures.text(failure);
            call.emit(text + "\n", status(false, 0, text));
            return -1;
        }
    }

    private static Json status(boolean isSuccess, long nanoseconds, String text) {
        return Json.object().with("Success", isSuccess).with("Time", nanoseconds).with("Text", text);
    }

    /** True when the client has gone meanwhile. */
    private static boolean awaitSecond(CountDownLatch isGone) {
        try {
            return isGone.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException clientIsGone) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static int count(String text) {
        try {
            int count = text == null ? DEFAULT_COUNT : Integer.parseInt(text);
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new UsageException("the count must be a number above 0, not \"" + text + "\"", null);
    }
}
