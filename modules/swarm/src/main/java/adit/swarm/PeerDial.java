package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One dial of one peer by all its addresses (happy eyeballs): they start one after the other as {@link DialOrder} says, the
 * next at once when one fails; the first connection ends the rest. The monitor guards everything but the outcome.
 */
final class PeerDial {
    /** Names looked up for one peer: each costs a thread that cannot be interrupted. */
    static final int MAXIMUM_NAMES = 4;

    private static final Duration RESOLUTION_TIMEOUT = Duration.ofSeconds(5);

    /** SATISFIED: a connection came from elsewhere; nothing new is started, what runs may finish: the remote peer may count on it. */
    private enum State { DIALLING, SATISFIED, OVER }

    private record Start(Multiaddr address, long at) {
        long nanosLeft() {
            return at - System.nanoTime();
        }
    }

    private final Dialer dialer;
    private final PeerId peer;
    private final CompletableFuture<PeerConnection> outcome = new CompletableFuture<>();
    private final Set<Multiaddr> seen = new HashSet<>();
    private final List<Start> waiting = new ArrayList<>();
    private final Map<Multiaddr, Thread> running = new HashMap<>();
    private final Set<Multiaddr> resolving = new HashSet<>();
    private final List<DialFailedException.Attempt> failures = new ArrayList<>();
    private final Set<Multiaddr> backedOff = new HashSet<>();
    private State state = State.DIALLING;
    private AddressFinder finder;
    private Duration finderBackOff;
    private Thread finding;
    private String search = "";

    PeerDial(Dialer dialer, PeerId peer) {
        this.dialer = dialer;
        this.peer = peer;
        outcome.whenComplete((connection, failure) -> dialer.forget(peer, this));
    }

    /** The thread that starts the attempts; ends with the outcome. */
    void dialLoop() {
        try {
            DialFailedException failure = runAttempts();
            if (failure != null) {
                outcome.completeExceptionally(failure);
            }
        } catch (InterruptedException e) {
            cancel("interrupted");
        }
    }

    /** Null when there is an outcome already or will be. */
    private synchronized DialFailedException runAttempts() throws InterruptedException {
        while (state == State.DIALLING && (isBusyLocked() || startFindingLocked())) {
            startDueLocked();
            if (isPausedLocked()) {
                wait();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, waiting.getFirst().nanosLeft()));
            }
        }
        if (state == State.DIALLING) {
            state = State.OVER;
            return DialFailedException.allFailed(peer, failures, search);
        }
        return null;
    }

    private boolean isBusyLocked() {
        return finding != null || !(waiting.isEmpty() && running.isEmpty() && resolving.isEmpty());
    }

    /** Nothing can be started before something else happens. */
    private boolean isPausedLocked() {
        return waiting.isEmpty() || running.size() >= dialer.settings().parallelDials();
    }

    private void startDueLocked() {
        while (!isPausedLocked() && waiting.getFirst().nanosLeft() <= 0) {
            Multiaddr address = waiting.removeFirst().address();
            running.put(address, dialer.start("dial " + address, () -> attemptLoop(address)));
        }
    }

    // ---- addresses

    /** More addresses to try, without those that failed a moment ago, unless the caller does not mind, see {@link DialBackOff#blocked}. */
    synchronized void add(List<Multiaddr> addresses, Duration longestBackOff) {
        List<Multiaddr> ready = new ArrayList<>();
        for (Multiaddr address : addresses) {
            if (!seen.contains(address) && !isBlockedLocked(address, longestBackOff)) {
                seen.add(address);
                addLocked(address, ready);
            }
        }
        long now = System.nanoTime();
        for (DialOrder.Turn turn : DialOrder.of(ready, dialer.settings().dialStagger())) {
            waiting.add(new Start(turn.address(), now + turn.delay().toNanos()));
        }
        waiting.sort(Comparator.comparing(start -> start.at() - now));
        notifyAll();
    }

    private boolean isBlockedLocked(Multiaddr address, Duration longestBackOff) {
        Optional<String> reason = dialer.backOff().blocked(peer, address, longestBackOff);
        if (reason.isPresent() && backedOff.add(address)) {
            failures.add(new DialFailedException.Attempt(address, reason.get()));
        }
        if (reason.isEmpty() && backedOff.remove(address)) {
            failures.removeIf(failure -> failure.address().equals(address));
        }
        return reason.isPresent();
    }

    private void addLocked(Multiaddr address, List<Multiaddr> ready) {
        if (address.toTcp().isPresent() || Dialer.isCircuit(address)) {
            ready.add(address);
        } else if (!NameResolver.isName(address)) {
            String reason = "unsupported address: only ip and dns addresses with tcp can be dialled";
            failures.add(new DialFailedException.Attempt(address, reason));
        } else if (resolving.size() >= MAXIMUM_NAMES) {
            failures.add(new DialFailedException.Attempt(address, "the peer has too many names"));
        } else {
            resolving.add(address);
            dialer.start("resolve " + address, () -> resolveLoop(address));
            dialer.after(RESOLUTION_TIMEOUT, () -> unresolved(address, "the name was not resolved in time"));
        }
    }

    /** Who looks for addresses when those known have failed; once for all who wait for this dial. */
    synchronized void findBy(AddressFinder wanted, Duration longestBackOff) {
        if (wanted != null && finding == null && search.isEmpty()) {
            finder = wanted;
            finderBackOff = longestBackOff;
        }
    }

    private boolean startFindingLocked() {
        AddressFinder wanted = finder;
        finder = null;
        if (wanted != null) {
            finding = dialer.start("find " + peer, () -> findLoop(wanted));
        }
        return wanted != null;
    }

    private void findLoop(AddressFinder wanted) {
        String outcome;
        try {
            outcome = wanted.find(peer, this::found);
        } catch (InterruptedException e) {
            outcome = "the search for its addresses was stopped";
        } catch (RuntimeException e) {
            outcome = "the search for its addresses failed: " + e;
        }
        synchronized (this) {
            finding = null;
            search = outcome;
            notifyAll();
        }
    }

    private void found(List<Multiaddr> addresses) {
        dialer.found(peer, addresses);
        add(addresses, finderBackOff);
    }

    private void resolveLoop(Multiaddr name) {
        try {
            resolved(name, dialer.names().resolve(name, peer));
        } catch (IOException | RuntimeException e) {
            unresolved(name, reason(e));
        }
    }

    private synchronized void resolved(Multiaddr name, List<Multiaddr> addresses) {
        if (resolving.remove(name)) {
            add(addresses, Duration.ZERO);
        }
    }

    private synchronized void unresolved(Multiaddr name, String reason) {
        if (resolving.remove(name)) {
            failed(name, reason);
        }
    }

    // ---- attempts

    private void attemptLoop(Multiaddr address) {
        Connection connection;
        try {
            connection = dialer.dial(address, peer);
        } catch (IOException | RuntimeException e) {
            failed(address, reason(e));
            return;
        }
        if (!isWanted(address)) {
            connection.close("another address was faster");
            return;
        }
        try {
            outcome.complete(dialer.admit(connection, address));
        } catch (IOException e) {
            outcome.completeExceptionally(e);
        }
    }

    private synchronized boolean isWanted(Multiaddr address) {
        running.remove(address);
        if (state != State.DIALLING) {
            return state == State.SATISFIED;
        }
        if (Dialer.isCircuit(address)) {
            // an attempt under way may still bring the better connection
            satisfyLocked();
        } else {
            endLocked();
        }
        return true;
    }

    private synchronized void failed(Multiaddr address, String reason) {
        running.remove(address);
        if (state == State.OVER) {
            return;
        }
        failures.add(new DialFailedException.Attempt(address, reason));
        dialer.backOff().failed(peer, address, reason);
        if (!waiting.isEmpty()) {
            waiting.set(0, new Start(waiting.getFirst().address(), System.nanoTime()));
        }
        notifyAll();
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        if (message == null || message.length() < 2) {
            return e.getClass().getSimpleName();
        }
        boolean word = Character.isLowerCase(message.charAt(1));
        return word ? Character.toLowerCase(message.charAt(0)) + message.substring(1) : message;
    }

    // ---- the end

    /** No address that is added now would be tried. */
    synchronized boolean isOver() {
        return state == State.OVER;
    }

    /** A connection to the peer came from elsewhere. */
    void satisfied(PeerConnection connection) {
        synchronized (this) {
            if (state != State.DIALLING) {
                return;
            }
            satisfyLocked();
        }
        outcome.complete(connection);
    }

    private void satisfyLocked() {
        state = State.SATISFIED;
        stopFindingLocked();
        notifyAll();
    }

    /** Nobody waits for the outcome any more. */
    void cancel(String reason) {
        synchronized (this) {
            if (state != State.DIALLING) {
                return;
            }
            endLocked();
        }
        outcome.completeExceptionally(new InterruptedIOException("dial of " + peer + " was stopped: " + reason));
    }

    private void endLocked() {
        state = State.OVER;
        running.values().forEach(Thread::interrupt);
        stopFindingLocked();
        notifyAll();
    }

    private void stopFindingLocked() {
        if (finding != null) {
            finding.interrupt();
        }
    }

    /** Blocks until the outcome is there, at most for that long. Interruptible. */
    PeerConnection await(Duration patience) throws IOException {
        try {
            return outcome.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw DialFailedException.allFailed(peer, attemptsSoFar(), searchSoFar());
        } catch (ExecutionException e) {
            throw freshCopy(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting to " + peer);
        }
    }

    private synchronized List<DialFailedException.Attempt> attemptsSoFar() {
        List<DialFailedException.Attempt> story = new ArrayList<>(failures);
        running.keySet().forEach(address -> story.add(new DialFailedException.Attempt(address, "no answer yet")));
        resolving.forEach(address -> story.add(new DialFailedException.Attempt(address, "the name is not resolved yet")));
        waiting.forEach(start -> story.add(new DialFailedException.Attempt(start.address(), "its turn did not come")));
        return story;
    }

    private synchronized String searchSoFar() {
        return finding == null ? search : "its addresses are still looked for";
    }

    /** Several threads may wait for one failure: each gets an exception of its own. */
    private static IOException freshCopy(Throwable cause) {
        if (cause instanceof DialFailedException failure) {
            DialFailedException copy = new DialFailedException(failure.getMessage(), failure.attempts());
            copy.initCause(failure);
            return copy;
        }
        return new IOException(cause.getMessage(), cause);
    }
}
