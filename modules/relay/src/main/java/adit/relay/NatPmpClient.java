package adit.relay;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Asks a gateway for mappings by NAT-PMP (RFC 6886). To ask for one that exists renews it. */
final class NatPmpClient implements MappingProtocol {
    /** Of gateways, for PCP as well. */
    static final int PORT = 5351;

    private final Route route;
    private final InetSocketAddress server;
    private final PortMappingSettings settings;

    NatPmpClient(Route route, InetSocketAddress server, PortMappingSettings settings) {
        this.route = route;
        this.server = server;
        this.settings = settings;
    }

    @Override public MappingMeans means() {
        return MappingMeans.NAT_PMP;
    }

    @Override public PortMapping map(int port, PortMapping before) throws IOException {
        InetAddress external = ask(NatPmpMessage.addressRequest(), NatPmpMessage.ADDRESS, 0).external();
        int suggested = before == null ? port : before.external().getPort();
        byte[] request = NatPmpMessage.mapRequest(port, suggested, (int) settings.lifetime().toSeconds());
        NatPmpMessage answer = ask(request, NatPmpMessage.MAP_TCP, port);
        InetSocketAddress mapped = Granted.address(new InetSocketAddress(external, answer.externalPort()));
        return new PortMapping(means(), route.gateway(), port, mapped, Granted.lifetime(answer.lifetime()));
    }

    @Override public void unmap(PortMapping mapping) throws IOException {
        ask(NatPmpMessage.mapRequest(mapping.port(), 0, 0), NatPmpMessage.MAP_TCP, mapping.port());
    }

    private NatPmpMessage ask(byte[] request, int opcode, int port) throws IOException {
        return DatagramQuestion.ask(route.local(), server, request, settings, datagram -> {
            NatPmpMessage answer = NatPmpMessage.parse(datagram);
            if (answer.opcode() != opcode || answer.result() == 0 && answer.port() != port) {
                throw new MalformedException("NAT-PMP: an answer to another request");
            }
            if (answer.result() != 0) {
                throw new IOException("refused: " + answer.resultText());
            }
            return answer;
        });
    }
}
