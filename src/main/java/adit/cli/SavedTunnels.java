package adit.cli;

import adit.multiformats.MalformedException;
import adit.transport.Log;
import adit.transport.Loops;
import adit.tunnel.Grants;
import adit.tunnel.Listener;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The tunnels of the config while the daemon runs. One that cannot be opened (its port is taken) is tried again, later and later, and shown
 * with the reason; it never keeps the daemon from running. Thread-safe: the daemon's lock guards the config's file, this one's the places, and
 * is taken within.
 */
final class SavedTunnels implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Daemon daemon;
    private final Loops loops;
    private final Log log;
    private final Map<TunnelEntry, Place> places = new LinkedHashMap<>();
    private boolean isClosed;

    /** What has become of an entry: a tunnel, or the reason why there is none yet. */
    private static final class Place {
        private Tunnel tunnel;
        private String error = "";
        private int failures;
    }

    /**
     * One that is not open yet.
     *
     * @param error why not
     * @param failures how often it was tried
     */
    record Waiting(TunnelEntry entry, String error, int failures) {}

    SavedTunnels(Daemon daemon, Loops loops, Log log) {
        this.daemon = daemon;
        this.loops = loops;
        this.log = log;
    }

    /** Opens those of the config, now if that is possible; else they are tried again until they are closed. */
    void start(Config config) throws MalformedException {
        config.tunnels().forEach(this::add);
    }

    private void add(TunnelEntry entry) {
        Place place = new Place();
        synchronized (this) {
            places.put(entry, place);
        }
        attempt(entry, place);
    }

    /** Opens a tunnel and, if the command wants that, writes it into the config: both or nothing. */
    Tunnel open(Call call, TunnelEntry entry) throws IOException {
        if (!call.flag("save")) {
            return entry.open(daemon.tunnels());
        }
        if (call.flag("foreground")) {
            throw new UsageException("--save keeps the tunnel, --foreground removes it with the command: choose one", null);
        }
        return save(entry);
    }

    /** Opens a tunnel and writes it into the config: both or nothing. */
    Tunnel save(TunnelEntry entry) throws IOException {
        synchronized (daemon) {
            Config config = daemon.directory().configFile().read();
            List<TunnelEntry> entries = new ArrayList<>(config.tunnels());
            entries.add(entry);
            Config changed = config.withTunnels(entries);
            Tunnel tunnel = entry.open(daemon.tunnels());
            try {
                daemon.directory().configFile().write(changed);
            } catch (IOException failure) {
                closeNow(tunnel);
                throw failure;
            }
            synchronized (this) {
                Place place = new Place();
                place.tunnel = tunnel;
                places.put(entry, place);
            }
            return tunnel;
        }
    }

    private void closeNow(Tunnel tunnel) {
        daemon.tunnels().close(other -> other == tunnel);
    }

    private void attempt(TunnelEntry entry, Place place) {
        if (!isWanted(entry, place)) {
            return;
        }
        try {
            Tunnel tunnel = entry.open(daemon.tunnels());
            if (!opened(entry, place, tunnel)) {
                closeNow(tunnel);
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException failure) {
            failed(entry, place, Failures.text(failure));
        }
    }

    private synchronized boolean isWanted(TunnelEntry entry, Place place) {
        return !isClosed && places.get(entry) == place;
    }

    /** False when it was removed meanwhile. */
    private synchronized boolean opened(TunnelEntry entry, Place place, Tunnel tunnel) {
        if (!isWanted(entry, place)) {
            return false;
        }
        place.tunnel = tunnel;
        if (place.failures > 0) {
            log.info("%s is open, at the attempt number %d", entry.name(), place.failures + 1);
        }
        return true;
    }

    private synchronized void failed(TunnelEntry entry, Place place, String error) {
        if (!isWanted(entry, place)) {
            return;
        }
        if (!error.equals(place.error)) {
            log.warn("%s of the config is not open yet: %s", entry.name(), error);
        }
        place.error = error;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(place.failures, 6));
        place.failures++;
        daemon.deadlines().after(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE,
                () -> loops.start("saved tunnel", () -> attempt(entry, place)));
    }

    /** Those that could not be opened yet, in the order of the config. */
    synchronized List<Waiting> waiting() {
        List<Waiting> waiting = new ArrayList<>();
        places.forEach((entry, place) -> {
            if (place.tunnel == null) {
                waiting.add(new Waiting(entry, place.error, place.failures));
            }
        });
        return waiting;
    }

    /** The entry that the tunnel comes from, null when it is not one of the config. */
    synchronized TunnelEntry entryOf(Tunnel tunnel) {
        for (Map.Entry<TunnelEntry, Place> each : places.entrySet()) {
            if (each.getValue().tunnel == tunnel) {
                return each.getKey();
            }
        }
        return null;
    }

    /**
     * Closes those that are meant for new connections and removes them from the config, before.
     *
     * @return what was closed
     * @throws IOException the config cannot be written: nothing is closed then
     */
    List<TunnelEntry> close(TunnelMatch match) throws IOException {
        synchronized (daemon) {
            List<TunnelEntry> chosen = chosen(match);
            if (!chosen.isEmpty()) {
                ConfigFile file = daemon.directory().configFile();
                Config config = file.read();
                List<TunnelEntry> kept = new ArrayList<>(config.tunnels());
                kept.removeIf(entry -> chosen.stream().anyMatch(gone -> gone.key().equals(entry.key())));
                file.write(config.withTunnels(kept));
                chosen.forEach(this::remove);
            }
            return chosen;
        }
    }

    /** What would have to be done so that these are the saved tunnels. */
    synchronized TunnelPlan plan(List<TunnelEntry> wanted) {
        return TunnelPlan.of(List.copyOf(places.keySet()), wanted);
    }

    /**
     * Makes these the saved tunnels; the config's file says so already. What is unchanged is not touched, nor are live streams, but for those
     * of peers that may no longer use a listener: they are cut.
     *
     * @return what was done
     */
    TunnelPlan apply(List<TunnelEntry> wanted) {
        TunnelPlan plan = plan(wanted);
        plan.closed().forEach(this::remove);
        plan.changed().forEach(change -> change(change.from(), change.to()));
        plan.opened().forEach(this::add);
        return plan;
    }

    /** Who may use a listener is changed in place, and first, so that whoever may not any more is cut whatever else changes. */
    private void change(TunnelEntry from, TunnelEntry to) {
        if (from instanceof TunnelEntry.OfListener before && to instanceof TunnelEntry.OfListener after && tunnel(from) instanceof Listener listener) {
            listener.admit(after.grants());
            if (before.withGrants(after.grants()).equals(after)) {
                rename(before, after);
                return;
            }
        }
        remove(from);
        add(to);
    }

    private synchronized Tunnel tunnel(TunnelEntry entry) {
        return places.get(entry).tunnel;
    }

    /** The same tunnel at the same place, with another description. */
    private synchronized void rename(TunnelEntry from, TunnelEntry to) {
        Map<TunnelEntry, Place> before = new LinkedHashMap<>(places);
        places.clear();
        before.forEach((entry, place) -> places.put(entry.equals(from) ? to : entry, place));
    }

    /**
     * Changes who may use a listener, in the config first if it is there.
     *
     * @return how many live streams were cut
     * @throws IOException there is no such listener, anyone may use it, or the config cannot be written: nothing has changed
     */
    int admit(String protocol, UnaryOperator<Grants> change) throws IOException {
        synchronized (daemon) {
            Listener listener = listener(protocol);
            Grants changed = change.apply(listener.grants());
            if (entryOf(listener) instanceof TunnelEntry.OfListener entry) {
                TunnelEntry.OfListener next = entry.withGrants(changed);
                ConfigFile file = daemon.directory().configFile();
                Config config = file.read();
                List<TunnelEntry> entries = new ArrayList<>(config.tunnels());
                entries.replaceAll(each -> each.key().equals(next.key()) ? next : each);
                file.write(config.withTunnels(entries));
                rename(entry, next);
            }
            return listener.admit(changed);
        }
    }

    /** Whether there is one of that name, saved or not. */
    boolean hasListener(String protocol) {
        return daemon.tunnels().list().stream().anyMatch(tunnel -> tunnel instanceof Listener && tunnel.protocol().equals(protocol));
    }

    /** The one of that name that names who may use it. */
    Listener listener(String protocol) throws CommandException {
        for (Tunnel tunnel : daemon.tunnels().list()) {
            if (tunnel instanceof Listener listener && listener.protocol().equals(protocol)) {
                if (listener.grants().isAnyone()) {
                    throw new CommandException("any peer may use " + protocol, "to admit some only, make it anew: adit close -p " + protocol
                            + " && adit listen --allow PEER " + protocol + " " + listener.targetAddress());
                }
                return listener;
            }
        }
        throw noListener(protocol);
    }

    static CommandException noListener(String protocol) {
        return new CommandException("there is no listener " + protocol, "see what there is: adit ls");
    }

    private synchronized List<TunnelEntry> chosen(TunnelMatch match) {
        List<TunnelEntry> chosen = new ArrayList<>();
        places.forEach((entry, place) -> {
            if (place.tunnel == null ? match.matches(entry, daemon.swarm().self()) : match.matches(place.tunnel)) {
                chosen.add(entry);
            }
        });
        return chosen;
    }

    private void remove(TunnelEntry entry) {
        Place place;
        synchronized (this) {
            place = places.remove(entry);
        }
        if (place.tunnel != null) {
            closeNow(place.tunnel);
        }
    }

    /** Tries nothing any more; the tunnels are their owner's to close. */
    @Override public synchronized void close() {
        isClosed = true;
    }
}
