package adit.cli;

import adit.tunnel.Tunnel;
import adit.tunnel.Tunnels;
import java.io.IOException;

/** A tunnel that lives as long as the command that made it. */
final class Foreground {
    private Foreground() {}

    /**
     * Tells that the tunnel is there and waits for its end: closed by another command, or the client goes away, or the daemon ends.
     *
     * @param kind "listener" or "forwarder"
     * @param line what the client prints
     * @param address as the user typed it
     */
    static void hold(Call call, Tunnel tunnel, String kind, String line, String address) throws IOException {
        Tunnels tunnels = call.daemon().tunnels();
        boolean isCounted = call.daemon().foreground().tryAcquire();
        try {
            call.exchange().onDisconnect(() -> tunnels.close(other -> other == tunnel));
            call.emit(line + ", waiting for interrupt...\n", status("active", tunnel, address));
            tunnels.awaitClosed(tunnel);
            if (call.daemon().isStopping()) {
                call.fail("the daemon is shutting down", null, 0);
            } else {
                call.emit("Received interrupt, removing " + kind + " for " + tunnel.protocol() + "\n", status("closing", tunnel, address));
            }
        } catch (InterruptedException clientIsGone) {
            Thread.currentThread().interrupt();
        } finally {
            tunnels.close(other -> other == tunnel);
            if (isCounted) {
                call.daemon().foreground().release();
            }
        }
    }

    private static Json status(String status, Tunnel tunnel, String address) {
        return Json.object().with("Status", status).with("Protocol", tunnel.protocol()).with("Address", address);
    }
}
