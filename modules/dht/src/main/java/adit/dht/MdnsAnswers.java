package adit.dht;

import adit.transport.Deadlines;
import adit.transport.Loops;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The pace of answers (RFC 6762, section 6): multicast at most once a second, however many ask, and after a random moment, so
 * that not all peers of a network answer at once. The monitor guards the times.
 */
final class MdnsAnswers {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SHORTEST_DELAY_MILLISECONDS = 20;
    private static final int DELAY_RANGE_MILLISECONDS = 100;

    private final Deadlines deadlines;
    private final Loops loops;
    private final Consumer<byte[]> network;
    private final SecureRandom random = new SecureRandom();
    private boolean isPending;
    private long last = System.nanoTime() - PAUSE.toNanos();

    /** @param network sends; may block */
    MdnsAnswers(Deadlines deadlines, Loops loops, Consumer<byte[]> network) {
        this.deadlines = deadlines;
        this.loops = loops;
        this.network = network;
    }

    /** One is on its way already: another would be dropped. */
    synchronized boolean isPending() {
        return isPending;
    }

    /** Sends it soon, unless one is on its way. Does not block. */
    synchronized void send(byte[] answer) {
        if (isPending) {
            return;
        }
        isPending = true;
        Duration moment = Duration.ofMillis(SHORTEST_DELAY_MILLISECONDS + random.nextInt(DELAY_RANGE_MILLISECONDS));
        Duration rest = Duration.ofNanos(last + PAUSE.toNanos() - System.nanoTime());
        deadlines.after(rest.compareTo(moment) > 0 ? rest : moment, () -> loops.start("mdns answer", () -> answerLoop(answer)));
    }

    private void answerLoop(byte[] answer) {
        synchronized (this) {
            isPending = false;
            last = System.nanoTime();
        }
        network.accept(answer);
    }
}
