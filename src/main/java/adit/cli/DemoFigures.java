package adit.cli;

import java.time.Duration;

/** What the demo measured. Sizes in bytes. */
record DemoFigures(DemoData.Received whole, Duration push, Duration pull, DemoClient.RoundTrips roundTrips,
        DaemonFigures listener, DaemonFigures forwarder) {
    /**
     * One daemon.
     *
     * @param idle resident memory with the tunnel set up
     * @param after resident memory after the transfers
     */
    record DaemonFigures(Duration start, long idle, long after) {
        Json json() {
            return Json.object().with("StartMilliseconds", start.toMillis()).with("IdleBytes", idle).with("Bytes", after);
        }

        String memory() {
            return idle / DemoData.MEGABYTE + " -> " + after / DemoData.MEGABYTE + " MB";
        }
    }

    private long bytesPerSecond(Duration time) {
        return (long) (whole.bytes() / (time.toNanos() / 1e9));
    }

    private String speed(Duration time) {
        return bytesPerSecond(time) / DemoData.MEGABYTE + " MB/s";
    }

    String text() {
        long megabytes = whole.bytes() / DemoData.MEGABYTE;
        return row("push " + megabytes + " MB", speed(push) + ", SHA-256 equal")
                + row("pull " + megabytes + " MB", speed(pull) + ", SHA-256 equal")
                + row("half-close", "the client ended its direction after the push and still got the service's answer")
                + row("round trip, 64 bytes", "p50 " + GoDuration.text(roundTrips.median()) + ", p99 "
                        + GoDuration.text(roundTrips.percentile99())
                        + " (of " + roundTrips.count() + ")")
                + row("memory, idle -> after", "listener " + listener.memory() + ", forwarder " + forwarder.memory())
                + row("start of a daemon", listener.start().toMillis() + " ms, " + forwarder.start().toMillis() + " ms")
                + row("SHA-256", whole.hash());
    }

    private static String row(String what, String figure) {
        return "  " + what + " ".repeat(Math.max(1, 24 - what.length())) + figure + "\n";
    }

    Json json() {
        return Json.object().with("BytesEachWay", whole.bytes()).with("SHA256", whole.hash())
                .with("PushBytesPerSecond", bytesPerSecond(push)).with("PullBytesPerSecond", bytesPerSecond(pull))
                .with("RoundTripP50Nanoseconds", roundTrips.median().toNanos())
                .with("RoundTripP99Nanoseconds", roundTrips.percentile99().toNanos())
                .with("Listener", listener.json()).with("Forwarder", forwarder.json());
    }
}
