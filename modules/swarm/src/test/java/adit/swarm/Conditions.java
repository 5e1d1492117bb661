package adit.swarm;

import java.util.function.BooleanSupplier;

/** Waits for what nobody signals. The caller's @Timeout ends a wait that is in vain. */
final class Conditions {
    private static final long LOOK_AGAIN_MILLISECONDS = 2;

    private Conditions() {}

    static void await(BooleanSupplier condition) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                monitor.wait(LOOK_AGAIN_MILLISECONDS);
            }
        }
    }
}
