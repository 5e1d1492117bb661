package adit.cli;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
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
                Several options together choose the tunnels that match all of them. Open streams go on: see "adit stream close". A tunnel that is
                in the config is removed from there, too, which is said.

                Example: adit close -p /x/ssh"""));
    }

    @Override
    void serve(Call call) throws IOException {
        TunnelMatch match = new TunnelMatch(call.option("protocol"), address(call.option("listen-address")),
                address(call.option("target-address")));
        boolean isAll = call.flag("all");
        if (!isAll && match.isAny()) {
            throw new CommandException("no matching options given", "adit close --help");
        }
        if (isAll && !match.isAny()) {
            throw new CommandException("can't combine --all with other matching options");
        }
        List<TunnelEntry> saved = call.daemon().saved().close(match);
        int count = saved.size() + call.daemon().tunnels().close(match::matches).size();
        StringBuilder text = new StringBuilder("Closed " + count + " stream(s)\n");
        saved.forEach(entry -> text.append("Removed from the config: ").append(entry.name()).append('\n'));
        call.answer(text.toString(), count);
    }

    private static String address(String text) throws MalformedException {
        return text == null ? null : Multiaddr.parse(text).toString();
    }
}
