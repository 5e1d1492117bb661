package adit.cli;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.util.List;

/** Closes tunnels; what already goes through them goes on. */
final class CloseCommand extends Command {
    CloseCommand() {
        super(new Syntax("close", "p2p/close", List.of(), List.of(
                Option.flag("close all", "all", "a"),
                Option.valued("NAME", "those of this name", "protocol", "p"),
                Option.valued("ADDRESS", "those with this listen address, as ls shows it", "listen-address", "l"),
                Option.valued("ADDRESS", "those with this target address, as ls shows it", "target-address", "t")),
                "close tunnels for new connections", """
                Several options together choose the tunnels that match all of them. Open streams go on: see "adit stream close".

                Example: adit close -p /x/ssh"""));
    }

    @Override
    void serve(Call call) throws IOException {
        String protocol = call.option("protocol");
        Multiaddr listen = address(call.option("listen-address"));
        Multiaddr target = address(call.option("target-address"));
        boolean isAll = call.flag("all");
        if (!isAll && protocol == null && listen == null && target == null) {
            throw new CommandException("no matching options given", "adit close --help");
        }
        if (isAll && (protocol != null || listen != null || target != null)) {
            throw new CommandException("can't combine --all with other matching options");
        }
        int count = call.daemon().tunnels().close(tunnel -> (protocol == null || protocol.equals(tunnel.protocol()))
                && matches(listen, tunnel, true) && matches(target, tunnel, false)).size();
        call.answer("Closed " + count + " stream(s)\n", count);
    }

    private static Multiaddr address(String text) throws MalformedException {
        return text == null ? null : Multiaddr.parse(text);
    }

    private static boolean matches(Multiaddr wanted, Tunnel tunnel, boolean isListen) {
        return wanted == null || wanted.toString().equals(isListen ? tunnel.listenAddress() : tunnel.targetAddress());
    }
}
