package adit.dht;

import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Drives a {@link Lookup} through the network: a thread for each request. The monitor guards the look-up and the threads. */
final class LookupRun {
    /** How a peer is asked; blocks, interruptible. */
    interface Asker {
        Message ask(KnownPeer peer) throws IOException;
    }

    private final Lookup lookup;
    private final Asker asker;
    private final Loops loops;
    private final Set<Thread> threads = new HashSet<>();

    LookupRun(Lookup lookup, Asker asker, Loops loops) {
        this.lookup = lookup;
        this.asker = asker;
        this.loops = loops;
    }

    /** Blocks until the look-up is over, at most for that long; then nobody is waited for any more. */
    synchronized Lookup run(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!lookup.isOver() && end - System.nanoTime() > 0) {
                for (KnownPeer next = lookup.next(); next != null; next = lookup.next()) {
                    KnownPeer peer = next;
                    threads.add(loops.start("dht ask " + peer.id(), () -> askLoop(peer)));
                }
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
            }
            return lookup;
        } finally {
            lookup.stop();
            threads.forEach(Thread::interrupt);
        }
    }

    private void askLoop(KnownPeer peer) {
        Message answer = null;
        try {
            answer = asker.ask(peer);
        } catch (IOException | RuntimeException e) {
            // told as a failure; the asker has said why
        }
        synchronized (this) {
            threads.remove(Thread.currentThread());
            if (lookup.isOver()) {
                return;
            }
            if (answer != null) {
                lookup.answered(peer.id(), answer.closerPeers());
            } else {
                lookup.failed(peer.id());
            }
            notifyAll();
        }
    }
}
