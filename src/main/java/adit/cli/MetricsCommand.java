package adit.cli;

import adit.cli.Metrics.Kind;
import adit.cli.Metrics.Sample;
import adit.relay.RelayService;
import adit.transport.Direction;
import adit.tunnel.Counters;
import adit.tunnel.Listener;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What a monitor wants to know. The names are a promise: docs/metrics.md lists them. */
final class MetricsCommand extends Command {
    /** Where monitors look for it; answered to GET, too. */
    static final String PATH = "/metrics";

    /** In /proc/self/status: "VmRSS:    72312 kB". */
    private static final String RESIDENT = "VmRSS:";

    MetricsCommand() {
        super(new Syntax("metrics", "metrics", List.of(), List.of(), "figures for a monitor, in the text format of OpenMetrics", """
                The same is answered on the control socket to GET /metrics. The names are explained in docs/metrics.md.

                Example: adit metrics"""));
    }

    @Override
    void serve(Call call) throws IOException {
        Metrics metrics = measure(call.daemon());
        if (call.exchange().path().equals(PATH)) {
            call.answer(Metrics.CONTENT_TYPE, metrics.text().getBytes(StandardCharsets.UTF_8));
        } else {
            call.answer(metrics.text(), metrics.json());
        }
    }

    private static Metrics measure(Daemon daemon) throws IOException {
        Metrics metrics = new Metrics();
        metrics.add("adit_build", Kind.INFO, "The program.", List.of(new Sample(labels("version", VersionCommand.VERSION), 1)));
        tunnels(daemon, metrics);
        List<Sample> connections = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            long count = daemon.swarm().connections().stream().filter(connection -> connection.direction() == direction).count();
            connections.add(new Sample(labels("direction", direction == Direction.INBOUND ? "inbound" : "outbound"), count));
        }
        metrics.add("adit_connections", Kind.GAUGE, "Connections to other peers.", connections);
        metrics.add("adit_peers", Kind.GAUGE, "Peers with a connection.",
                daemon.swarm().connections().stream().map(connection -> connection.remotePeer()).distinct().count());
        daemon.discovery().dht().ifPresent(dht -> metrics.add("adit_dht_peers", Kind.GAUGE, "Peers in the DHT's tables.",
                List.of(new Sample(labels("table", "public"), dht.status().wideSize()), new Sample(labels("table", "local"), dht.status().localSize()))));
        daemon.reachable().relayService().ifPresent(service -> relayService(service.status(), metrics));
        process(daemon, metrics);
        return metrics;
    }

    private static void relayService(RelayService.Status status, Metrics metrics) {
        metrics.add("adit_relay_reservations", Kind.GAUGE, "Reservations of others that can be reached through this node.", status.reservations());
        metrics.add("adit_relay_circuits", Kind.GAUGE, "Circuits between others that go through this node now.", status.circuits());
        metrics.add("adit_relay_circuits_served", Kind.COUNTER, "Circuits begun.", status.circuitsServed());
        metrics.add("adit_relay_bytes", Kind.COUNTER, "Bytes relayed.", status.bytesRelayed());
        metrics.add("adit_relay_refusals", Kind.COUNTER, "Requests refused.", status.refusals());
    }

    private static void tunnels(Daemon daemon, Metrics metrics) {
        List<Tunnel> tunnels = daemon.tunnels().list();
        long listeners = tunnels.stream().filter(Listener.class::isInstance).count();
        metrics.add("adit_tunnels", Kind.GAUGE, "Tunnels that are open, and those of the config that could not be opened yet.", List.of(
                new Sample(labels("kind", "listener", "state", "open"), listeners),
                new Sample(labels("kind", "forwarder", "state", "open"), tunnels.size() - listeners),
                new Sample(labels("kind", "listener", "state", "waiting"), waiting(daemon, "listener")),
                new Sample(labels("kind", "forwarder", "state", "waiting"), waiting(daemon, "forwarder"))));
        metrics.add("adit_streams", Kind.GAUGE, "Connections going through tunnels.", daemon.tunnels().streams().size());
        metrics.add("adit_tunnel_connections", Kind.COUNTER, "Connections begun.", each(tunnels, counters -> counters.opened.sum()));
        metrics.add("adit_tunnel_connections_closed", Kind.COUNTER, "Connections that ended well.",
                each(tunnels, counters -> counters.closed.sum()));
        metrics.add("adit_tunnel_connections_failed", Kind.COUNTER, "Connections that were refused, failed or were aborted.",
                each(tunnels, counters -> counters.failed.sum()));
        metrics.add("adit_tunnel_received_bytes", Kind.COUNTER, "Payload from the remote peer.",
                each(tunnels, counters -> counters.received.sum()));
        metrics.add("adit_tunnel_sent_bytes", Kind.COUNTER, "Payload to the remote peer.", each(tunnels, counters -> counters.sent.sum()));
    }

    private static long waiting(Daemon daemon, String kind) {
        return daemon.saved().waiting().stream().filter(waiting -> waiting.entry().kind().equals(kind)).count();
    }

    private static List<Sample> each(List<Tunnel> tunnels, ToLongFunction<Counters> count) {
        List<Sample> samples = new ArrayList<>();
        for (Tunnel tunnel : tunnels) {
            boolean isListener = tunnel instanceof Listener;
            samples.add(new Sample(labels("kind", isListener ? "listener" : "forwarder", "protocol", tunnel.protocol(), "address",
                    isListener ? tunnel.targetAddress() : tunnel.listenAddress()), count.applyAsLong(tunnel.counters())));
        }
        return samples;
    }

    /** The names that monitors know from other programs. */
    private static void process(Daemon daemon, Metrics metrics) throws IOException {
        Path self = Path.of("/proc/self");
        metrics.add("process_start_time_seconds", Kind.GAUGE, "When the daemon started, since 1970.",
                Instant.now().minus(daemon.age()).getEpochSecond());
        ProcessHandle.current().info().totalCpuDuration().ifPresent(time -> metrics.add("process_cpu_seconds", Kind.COUNTER,
                "Time of the processors, the kernel's included.", time.toMillis() / 1000.0));
        for (String line : Files.readAllLines(self.resolve("status"))) {
            if (line.startsWith(RESIDENT)) {
                String kilobytes = line.substring(RESIDENT.length(), line.lastIndexOf(' ')).strip();
                metrics.add("process_resident_memory_bytes", Kind.GAUGE, "Resident memory.", Long.parseLong(kilobytes) * 1024);
            }
        }
        String[] open = self.resolve("fd").toFile().list();
        metrics.add("process_open_fds", Kind.GAUGE, "Open file descriptors.", open == null ? 0 : open.length);
    }

    private static Map<String, String> labels(String... namesAndValues) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            labels.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return labels;
    }
}
