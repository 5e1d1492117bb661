package adit.cli;

import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.net.BindException;
import java.util.List;

/** Makes a peer's service reachable here. */
final class ForwardCommand extends Command {
    static final String RELAY_HELP = "whether streams may go over a relay: never, until-direct, always (default: until-direct)";

    ForwardCommand() {
        super(new Syntax("forward", "p2p/forward", List.of(
                Argument.required("protocol", "name of the tunnel, /x/NAME"),
                Argument.required("listen-address", "where to take connections: /ip4/127.0.0.1/tcp/2222 (port 0: any), /unix/PATH"),
                Argument.required("target-address", "the peer: its id, /p2p/ID or a full address /ip4/.../p2p/ID")),
                List.of(Option.flag("keep the command running; the forwarder is removed when it ends", "foreground", "f"),
                        Option.valued("NUMBER", "live streams at a time (default: no limit)", "max-streams"),
                        Option.valued("RATE", "bytes a second sent and received, all clients together: 500k, 2M (default: no limit)", "rate"),
                        Option.valued("POLICY", RELAY_HELP, "relay"),
                        Option.flag("keep it in the config, for every start of the daemon", "save"),
                        Option.flag("the name may lie outside /x/", "allow-custom-protocol")),
                "lead local connections to a peer's service", """
                The address given for the peer is kept as long as the forwarder lives. The peer need not be there yet.

                Example: adit forward /x/ssh /ip4/127.0.0.1/tcp/2222 /p2p/12D3KooW..."""));
    }

    /** @throws CommandException there is no such policy */
    static RelayPolicy relays(Call call) throws CommandException {
        String word = call.option("relay");
        RelayPolicy policy = word == null ? RelayPolicy.UNTIL_DIRECT : RelayPolicy.named(word);
        if (policy == null) {
            throw new CommandException("there is no relay policy \"" + word + "\"", "policies are " + RelayPolicy.words());
        }
        return policy;
    }

    @Override
    void serve(Call call) throws IOException {
        Multiaddr listen = Multiaddr.parse(call.argument(1));
        PeerAddress target = call.peer(call.argument(2));
        if (target.peer().equals(call.daemon().swarm().self())) {
            throw new CommandException("peer " + target.peer() + " is this daemon itself: connect to the service without a tunnel");
        }
        Tunnel forwarder;
        try {
            forwarder = call.daemon().saved().open(call, new TunnelEntry.OfForwarder(call.argument(0), listen, target, ListenCommand.limits(call), relays(call),
                    call.flag("allow-custom-protocol")));
        } catch (BindException taken) {
            throw new CommandException(taken.getMessage(),
                    "choose another listen address; /ip4/127.0.0.1/tcp/0 takes a free port, which \"adit ls\" shows", taken);
        }
        if (call.flag("foreground")) {
            Foreground.hold(call, forwarder, "forwarder", "Forwarding " + forwarder.protocol() + " to " + call.argument(1),
                    call.argument(1));
        } else {
            call.done();
        }
    }
}
