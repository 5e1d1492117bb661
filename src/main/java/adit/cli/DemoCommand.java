package adit.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Shows a tunnel at work: two real daemons, a real service, bytes verified, figures printed, nothing left behind. */
final class DemoCommand extends Command {
    private static final int DEFAULT_MEGABYTES = 256;
    private static final int MAXIMUM_MEGABYTES = 1_000_000;
    private static final String PROTOCOL = "/x/demo";

    DemoCommand() {
        super(new Syntax("demo", "", List.of(), List.of(Option.valued("MEGABYTES", "how much to send each way (default: 256)", "size")),
                "show a tunnel at work on this machine", """
                Starts two daemons in temporary directories and a TCP service, leads a tunnel from one to the other, sends data both ways
                through it, compares SHA-256, and measures. Needs no network and no rights. Everything is removed afterwards.

                Example: adit demo"""));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        DemoData data = new DemoData(megabytes(invocation.option("size")));
        DemoStage stage = new DemoStage();
        try (stage) {
            DemoFigures figures = play(stage, data, new Progress(terminal, data.megabytes()));
            terminal.print(invocation.wantsJson() ? figures.json() + "\n" : figures.text());
            return 0;
        } catch (IOException failure) {
            if (stage.isInterrupted()) {
                return 1;
            }
            throw failure;
        }
    }

    private static int megabytes(String text) {
        try {
            int megabytes = text == null ? DEFAULT_MEGABYTES : Integer.parseInt(text);
            if (megabytes > 0 && megabytes <= MAXIMUM_MEGABYTES) {
                return megabytes;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new UsageException("the size must be a number of megabytes from 1 to " + MAXIMUM_MEGABYTES + ", not \"" + text + "\"", null);
    }

    private static DemoFigures play(DemoStage stage, DemoData data, Progress progress) throws IOException {
        progress.say("starting a TCP service and two daemons in temporary directories");
        DemoService service = stage.service(data);
        DemoDaemon listener = stage.daemon("listener");
        DemoDaemon forwarder = stage.daemon("forwarder");
        InetSocketAddress entrance = lead(listener, forwarder, service.port(), progress);
        DemoClient client = new DemoClient(entrance, data);
        DemoData.Received whole = data.whole();
        long listenerIdle = listener.residentBytes();
        long forwarderIdle = forwarder.residentBytes();
        progress.say("measuring round trips");
        DemoClient.RoundTrips roundTrips = client.roundTrips();
        progress.begin("pushing " + data.megabytes() + " MB from the client to the service ");
        var push = client.push(whole, progress::megabyte);
        progress.begin("pulling " + data.megabytes() + " MB from the service to the client ");
        var pull = client.pull(whole, progress::megabyte);
        progress.say("done");
        return new DemoFigures(whole, push, pull, roundTrips,
                new DemoFigures.DaemonFigures(listener.startTime(), listenerIdle, listener.residentBytes()),
                new DemoFigures.DaemonFigures(forwarder.startTime(), forwarderIdle, forwarder.residentBytes()));
    }

    /** Sets up the tunnel with the commands a person would type; where its client connects. */
    private static InetSocketAddress lead(DemoDaemon listener, DemoDaemon forwarder, int port, Progress progress) throws IOException {
        String target = "/ip4/127.0.0.1/tcp/" + port;
        progress.say("listener:  adit listen " + PROTOCOL + " " + target);
        listener.run("listen", PROTOCOL, target);
        String address = listener.run("id", "-f", "<addrs>\\n").lines().findFirst().orElseThrow();
        progress.say("forwarder: adit forward " + PROTOCOL + " /ip4/127.0.0.1/tcp/0 " + address);
        forwarder.run("forward", PROTOCOL, "/ip4/127.0.0.1/tcp/0", address);
        String bound = forwarder.run("ls").split(" ")[1];
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(bound.substring(bound.lastIndexOf('/') + 1)));
    }

    /** What is going on, for the one who waits. */
    private static final class Progress {
        private static final int DOTS = 16;

        private final Terminal terminal;
        private final int megabytes;
        private int passed;

        Progress(Terminal terminal, int megabytes) {
            this.terminal = terminal;
            this.megabytes = megabytes;
        }

        void say(String what) {
            terminal.say("adit demo: " + what);
        }

        void begin(String what) {
            passed = 0;
            write("adit demo: " + what);
        }

        void megabyte() {
            passed++;
            int dots = (int) ((long) passed * DOTS / megabytes) - (int) ((long) (passed - 1) * DOTS / megabytes);
            write(".".repeat(dots) + (passed == megabytes ? "\n" : ""));
        }

        private void write(String text) {
            try {
                terminal.err().write(text.getBytes(StandardCharsets.US_ASCII));
                terminal.err().flush();
            } catch (IOException nobodyReads) {
                // the figures are what counts
            }
        }
    }
}
