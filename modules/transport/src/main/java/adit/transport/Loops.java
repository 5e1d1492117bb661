package adit.transport;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one place that decides which kind of thread a loop gets. Loops are plain blocking code on virtual threads, so
 * that thousands of idle ones cost nothing; a few hot ones may run on pooled platform threads, which need one kernel
 * wake-up less for each blocking read.
 */
public final class Loops implements AutoCloseable {
    private final Semaphore hot;
    private final ExecutorService platform;

    /** @param hotThreads how many loops may run on platform threads at a time; 0 switches that off */
    public Loops(int hotThreads) {
        hot = new Semaphore(hotThreads);
        platform = new ThreadPoolExecutor(0, Math.max(1, hotThreads), 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
                Thread.ofPlatform().name("hot-", 0).daemon().factory());
    }

    /** Starts the loop on a virtual thread of that name. */
    public Thread start(String name, Runnable loop) {
        return Thread.ofVirtual().name(name).start(loop);
    }

    /** Starts the loop on a platform thread while there are some left, else on a virtual one. */
    public void startHot(String name, Runnable loop) {
        if (!hot.tryAcquire()) {
            start(name, loop);
            return;
        }
        try {
            platform.execute(() -> {
                Thread.currentThread().setName(name);
                try {
                    loop.run();
                } finally {
                    hot.release();
                }
            });
        } catch (RejectedExecutionException e) {
            // the thread that has just ended its loop is not back in the pool yet
            hot.release();
            start(name, loop);
        }
    }

    /** Lets running loops end by themselves and keeps no thread alive. */
    @Override public void close() {
        platform.shutdown();
    }
}
