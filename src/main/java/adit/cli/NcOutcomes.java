package adit.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * How connections of nc ended. A unix socket cannot tell an abort from an end, so the client asks afterwards. The lock guards the map;
 * the oldest outcomes are forgotten, since a client that was killed never asks.
 */
final class NcOutcomes {
    private static final int MAXIMUM = 1024;

    private final Map<Long, CompletableFuture<String>> outcomes = new LinkedHashMap<>();
    private long nextId = 1;

    /** A new connection's number. */
    synchronized long begin() {
        if (outcomes.size() == MAXIMUM) {
            outcomes.remove(outcomes.keySet().iterator().next());
        }
        outcomes.put(nextId, new CompletableFuture<>());
        return nextId++;
    }

    /** @param failure why it was aborted, null after a clean end */
    void end(long id, IOException failure) {
        CompletableFuture<String> outcome;
        synchronized (this) {
            outcome = outcomes.get(id);
        }
        if (outcome != null) {
            outcome.complete(failure == null ? "" : Failures.text(failure));
        }
    }

    /** Waits for its end: "" when it was clean, else the reason. Told once. */
    String await(long id) throws IOException {
        CompletableFuture<String> outcome;
        synchronized (this) {
            outcome = outcomes.get(id);
        }
        if (outcome == null) {
            throw new CommandException("there is no connection " + id);
        }
        try {
            String text = outcome.get();
            synchronized (this) {
                outcomes.remove(id);
            }
            return text;
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", gone);
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
