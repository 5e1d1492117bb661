package adit.cli;

import adit.transport.Deadlines;
import adit.transport.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Tells systemd that the daemon is ready, reads its config again, ends, and is alive (sd_notify(3)). Where no systemd listens nothing is told
 * and nothing of it is loaded.
 */
final class Systemd implements AutoCloseable {
    /** Half of the time after which systemd takes a silent service for dead, as sd_watchdog_enabled(3) advises. */
    private static final int SIGNS_OF_LIFE = 2;
    private static final Duration SHORTEST_WATCHDOG = Duration.ofMillis(100);
    private static final Duration STATUS_PERIOD = Duration.ofMinutes(1);

    private final Daemon daemon;
    private final Log log;
    private final NotifySocket socket;
    private final Duration watchdog;
    private volatile Deadlines.Deadline signs;

    private Systemd(Daemon daemon, Log log, NotifySocket socket, Duration watchdog) {
        this.daemon = daemon;
        this.log = log;
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** @param environment of this process: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID */
    static Systemd of(Map<String, String> environment, Daemon daemon) {
        Log log = daemon.logs().module("daemon");
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        NotifySocket socket = null;
        try {
            socket = name.isEmpty() ? null : new NotifySocket(name);
        } catch (IOException foreign) {
            log.warn("systemd is told nothing: %s", foreign.getMessage());
        }
        return new Systemd(daemon, log, socket, watchdog(environment));
    }

    /** Zero for none. */
    static Duration watchdog(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        String time = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean isForUs = pid.isEmpty() || pid.equals(Long.toString(ProcessHandle.current().pid()));
        if (!isForUs || time.isEmpty() || time.length() > 15 || !time.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Duration.ZERO;
        }
        Duration period = Duration.ofNanos(Long.parseLong(time) * 1000);
        return period.compareTo(SHORTEST_WATCHDOG) < 0 ? SHORTEST_WATCHDOG : period;
    }

    /** The start is over. From now on there are signs of life. */
    void ready() {
        if (socket != null) {
            log.debug("systemd is told, a sign of life is wanted every %s", watchdog);
            tell("READY=1\n" + status());
            Duration period = watchdog.isZero() ? STATUS_PERIOD : watchdog.dividedBy(SIGNS_OF_LIFE);
            // on a thread of its own: timer and threads must both work for it
            signs = daemon.deadlines().every(period, () -> Thread.ofVirtual().name("sign of life").start(() -> tell("WATCHDOG=1\n" + status())));
        }
    }

    /** Does the daemon's reload between what systemd waits for. */
    void reload() {
        if (signs == null) {
            daemon.reload();
            return;
        }
        // the JVM's clock is CLOCK_MONOTONIC
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
        daemon.reload();
        tell("READY=1\n" + status());
    }

    /** The end has begun. */
    void stopping() {
        tell("STOPPING=1\nSTATUS=waiting for streams to end");
    }

    private String status() {
        int waiting = daemon.saved().waiting().size();
        return "STATUS=peer " + daemon.swarm().self() + ", tunnels: " + daemon.tunnels().list().size() + " open, " + waiting + " waiting, streams: "
                + daemon.tunnels().streams().size();
    }

    private void tell(String message) {
        if (socket != null) {
            try {
                socket.send(message);
            } catch (IOException deaf) {
                log.warn("%s", deaf.getMessage());
            }
        }
    }

    @Override public void close() {
        if (signs != null) {
            signs.close();
        }
    }
}
