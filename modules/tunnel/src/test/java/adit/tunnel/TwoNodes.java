package adit.tunnel;

import adit.multiformats.Multiaddr;
import java.net.Socket;

/** One node beside the services, one beside the clients. */
final class TwoNodes implements AutoCloseable {
    final Node serving;
    final Node using;

    TwoNodes() throws Exception {
        this(Node.QUICK, Node.QUICK);
    }

    TwoNodes(TunnelSettings servingSettings, TunnelSettings usingSettings) throws Exception {
        serving = new Node("adit/test", servingSettings, 4);
        using = new Node("adit/test", usingSettings, 4);
    }

    /** A tunnel to the service: its forwarder. */
    Forwarder tunnel(String protocol, LocalService service) throws Exception {
        serving.listen(protocol, service.address());
        return using.forward(protocol, serving);
    }

    static Socket connect(Forwarder forwarder) throws Exception {
        return new Socket("127.0.0.1", port(forwarder));
    }

    static int port(Forwarder forwarder) throws Exception {
        return Multiaddr.parse(forwarder.listenAddress()).toTcp().orElseThrow().getPort();
    }

    /** No connection is left, and no buffer with it. */
    void awaitQuiet() throws InterruptedException {
        Conditions.await(() -> serving.tunnels.streams().isEmpty() && using.tunnels.streams().isEmpty());
    }

    @Override public void close() {
        using.close();
        serving.close();
    }
}
