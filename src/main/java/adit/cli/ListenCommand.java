package adit.cli;

import adit.multiformats.Multiaddr;
import adit.tunnel.Limits;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.util.List;

/** Makes a service reachable for peers. */
final class ListenCommand extends Command {
    ListenCommand() {
        super(new Syntax("listen", "p2p/listen", List.of(
                Argument.required("protocol", "name of the tunnel, /x/NAME"),
                Argument.required("target-address", "where the service is: /ip4/127.0.0.1/tcp/22, /dns4/HOST/tcp/22, /unix/PATH")),
                List.of(Option.valued("PEERS", "only these peers may use it, separated by commas; with an end: PEER@8h, PEER@2026-12-31", "allow"),
                        Option.valued("NUMBER", "live streams that one peer may have (default: no limit)", "max-streams"),
                        Option.valued("RATE", "bytes a second that one peer may send and receive: 500k, 2M (default: no limit)", "rate"),
                        Option.flag("send the remote peer's id and a newline to the service first", "report-peer-id", "r"),
                        Option.flag("keep the command running; the listener is removed when it ends", "foreground", "f"),
                        Option.flag("keep it in the config, for every start of the daemon", "save"),
                        Option.flag("the name may lie outside /x/", "allow-custom-protocol")),
                "lead a peer's streams to a service", """
                The service is contacted for each stream, not before. Without --allow any peer that knows the name may use the tunnel.
                With it, to all others the tunnel does not exist; "adit grant" and "adit revoke" change who may use it, "adit grants" shows it.

                Example: adit listen --allow 12D3KooW...,12D3KooX...@8h /x/ssh /ip4/127.0.0.1/tcp/22"""));
    }

    @Override
    String remark(Invocation invocation) {
        return invocation.option("allow") != null ? null
                : "any peer may use " + invocation.arguments().getFirst() + "; to admit some only: --allow PEER,PEER";
    }

    @Override
    void serve(Call call) throws IOException {
        TunnelEntry entry = new TunnelEntry.OfListener(call.argument(0), Multiaddr.parse(call.argument(1)),
                GrantText.list(call.option("allow"), call.daemon().names()),
                limits(call),
                call.flag("report-peer-id"), call.flag("allow-custom-protocol"));
        Tunnel listener = call.daemon().saved().open(call, entry);
        if (call.flag("foreground")) {
            Foreground.hold(call, listener, "listener", "Listening on " + listener.protocol() + ", forwarding to " + call.argument(1),
                    call.argument(1));
        } else {
            call.done();
        }
    }

    /** By --max-streams and --rate. */
    static Limits limits(Call call) {
        return new Limits((int) number("max-streams", call.option("max-streams"), Integer.MAX_VALUE),
                number("rate", call.option("rate"), Limits.MAXIMUM));
    }

    /** 0 when it was not given; k, M and G stand for thousands, millions and thousands of millions. */
    static long number(String option, String text, long maximum) {
        if (text == null) {
            return 0;
        }
        int unit = text.isEmpty() ? -1 : "kMG".indexOf(text.charAt(text.length() - 1));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        if (digits.matches("[0-9]{1,13}")) {
            double value = Double.parseDouble(digits) * Math.pow(1000, unit + 1);
            if (value >= 1 && value <= maximum) {
                return (long) value;
            }
        }
        throw new UsageException("--" + option + " takes a number from 1 to " + maximum + ", like 20, 500k or 2M, not \"" + text + "\"", null);
    }
}
