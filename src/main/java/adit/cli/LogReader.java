package adit.cli;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Somebody who reads the log as it is written. Whoever logs never waits for him: what he cannot follow is left out, and he is told. */
final class LogReader {
    /** Lines kept for a reader who is behind. */
    static final int MAXIMUM_LINES = 1000;

    private final BlockingQueue<LogLine> lines = new ArrayBlockingQueue<>(MAXIMUM_LINES);
    private long leftOut;

    /** Does not wait for the reader. */
    synchronized void add(LogLine line) {
        String note = leftOut == 0 ? "" : " (lines left out before this one: " + leftOut + ")";
        leftOut = lines.offer(new LogLine(line.time(), line.level(), line.module(), line.text() + note)) ? 0 : leftOut + 1;
    }

    /** The next line; blocks until there is one. */
    LogLine take() throws InterruptedException {
        return lines.take();
    }
}
