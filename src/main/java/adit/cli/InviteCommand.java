package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.pairing.Invitation;
import adit.pairing.Pairing;
import adit.pairing.PairingException;
import adit.tunnel.Grant;
import adit.tunnel.Grants;
import adit.tunnel.Limits;
import adit.tunnel.Listener;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Shows a one-time code with which another machine is let into a listener, and waits until it is used. */
final class InviteCommand extends Command {
    InviteCommand() {
        super(new Syntax("invite", "invite", List.of(
                Argument.required("protocol", "name of the listener, /x/NAME"),
                Argument.optional("target-address", "where the service is: makes the listener, saved, for those who are invited alone")),
                List.of(Option.valued("TIME", "how long the other machine may use it: 8h, 2026-12-31 (default: for ever)", "for")),
                "let another machine use a listener, by a one-time code", """
                The code is shown as text and, on a terminal, as a QR code. "adit accept CODE ADDRESS" on the other machine uses it: that machine
                is granted the listener, has a saved forwarder to it, and each of the two knows the other's peer id from then on. The code works once, within
                ten minutes, while this command runs; one wrong guess makes it worthless. Give it to nobody else.

                Example: adit invite /x/ssh /ip4/127.0.0.1/tcp/22"""));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        if (invocation.wantsJson() || !CodeStream.isWanted()) {
            return super.run(invocation, terminal);
        }
        return super.run(invocation, new Terminal(terminal.in(), new CodeStream(terminal.out()), terminal.err(), terminal.directory()));
    }

    @Override
    String remark(Invocation invocation) {
        return "on the other machine, within ten minutes: adit accept CODE /ip4/127.0.0.1/tcp/PORT";
    }

    @Override
    void serve(Call call) throws IOException {
        Daemon daemon = call.daemon();
        String time = call.option("for");
        Instant until = time == null ? null : GrantText.end(time, Instant.now());
        String protocol = listener(call).protocol();
        Invitation invitation = daemon.pairing().invite(protocol, peer -> {
            Instant now = Instant.now();
            daemon.saved().admit(protocol, grants -> grants.with(new Grant(peer, until), now));
        });
        hold(call, daemon.pairing(), invitation, until);
    }

    private static Listener listener(Call call) throws IOException {
        SavedTunnels saved = call.daemon().saved();
        String protocol = call.argument(0);
        Multiaddr target = call.arguments().size() > 1 ? Multiaddr.parse(call.argument(1)) : null;
        if (saved.hasListener(protocol)) {
            Listener listener = saved.listener(protocol);
            if (target != null && !target.toString().equals(listener.targetAddress())) {
                throw new CommandException("listener " + protocol + " leads to " + listener.targetAddress() + " already",
                        "to invite to that: adit invite " + protocol + "; to lead it elsewhere, first: adit close -p " + protocol);
            }
            return listener;
        }
        if (target == null) {
            throw new CommandException("there is no listener " + protocol, "make it: adit invite " + protocol + " /ip4/127.0.0.1/tcp/PORT");
        }
        return (Listener) saved.save(new TunnelEntry.OfListener(protocol, target, Grants.only(List.of()), Limits.NONE, false, false));
    }

    private static void hold(Call call, Pairing pairing, Invitation invitation, Instant until) throws IOException {
        boolean isCounted = call.daemon().foreground().tryAcquire();
        try {
            call.exchange().onDisconnect(() -> pairing.withdraw(invitation));
            call.emit(invitation.code().text() + "\n", Json.object().with("Code", invitation.code().text()).with("Protocol", invitation.protocol()));
            PeerId peer = invitation.await();
            Grant grant = new Grant(peer, until);
            call.emit(peer + " may use " + invitation.protocol() + " " + GrantText.words(grant) + "\n",
                    Json.object().with("Peer", peer).with("Protocol", invitation.protocol()).with("Until", until));
        } catch (PairingException nobody) {
            call.fail("nobody was let in: " + nobody.getMessage(), null, 0);
        } catch (InterruptedException clientIsGone) {
            Thread.currentThread().interrupt();
        } finally {
            pairing.withdraw(invitation);
            if (isCounted) {
                call.daemon().foreground().release();
            }
        }
    }
}
