package adit.cli;

import java.io.IOException;
import java.util.List;

/**
 * What came of reading config.json again: its tunnels and bootstrap nodes are used at once, the rest from the next start on.
 *
 * @param plan what was done with the tunnels
 * @param later keys that have changed and are not used yet
 */
record ConfigReload(TunnelPlan plan, List<String> later) {
    /** @throws IOException the file is wrong: nothing has changed */
    static ConfigReload of(Daemon daemon) throws IOException {
        synchronized (daemon) {
            Config config = daemon.directory().configFile().read();
            List<TunnelEntry> wanted = config.tunnels();
            daemon.discovery().useBootstrap(config);
            return new ConfigReload(daemon.saved().apply(wanted), config.changedSince(daemon.startConfig()));
        }
    }

    String words() {
        return plan.words() + (later.isEmpty() ? "" : "from the next start on: " + String.join(", ", later) + "\n");
    }

    Json json() {
        return plan.json().with("Later", later);
    }
}
