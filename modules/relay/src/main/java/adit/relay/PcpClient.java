package adit.relay;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks a gateway for mappings by PCP (RFC 6887). To ask for a mapping that exists is how it is renewed, and recovered when the gateway
 * has lost it (section 16.3.1), so the epoch needs no eye.
 */
final class PcpClient implements MappingProtocol {
    private final Route route;
    private final InetSocketAddress server;
    private final PortMappingSettings settings;
    private final SecureRandom random = new SecureRandom();
    /** By port: who knows the nonce may renew and remove the mapping. */
    private final Map<Integer, byte[]> nonces = new ConcurrentHashMap<>();

    PcpClient(Route route, InetSocketAddress server, PortMappingSettings settings) {
        this.route = route;
        this.server = server;
        this.settings = settings;
    }

    @Override public MappingMeans means() {
        return MappingMeans.PCP;
    }

    @Override public PortMapping map(int port, PortMapping before) throws IOException {
        PcpMessage answer = ask(port, before == null ? null : before.external(), (int) settings.lifetime().toSeconds());
        return new PortMapping(means(), route.gateway(), port, Granted.address(answer.external()),
                Granted.lifetime(answer.lifetime()));
    }

    @Override public void unmap(PortMapping mapping) throws IOException {
        ask(mapping.port(), mapping.external(), 0);
    }

    private PcpMessage ask(int port, InetSocketAddress suggested, int lifetime) throws IOException {
        byte[] nonce = nonces.computeIfAbsent(port, p -> {
            byte[] fresh = new byte[PcpMessage.NONCE_BYTES];
            random.nextBytes(fresh);
            return fresh;
        });
        byte[] request = PcpMessage.request(nonce, route.local(), port, suggested, lifetime);
        return DatagramQuestion.ask(route.local(), server, request, settings, datagram -> accepted(PcpMessage.parse(datagram), nonce, port));
    }

    /** A refusal has to show the nonce as well: anyone could send one. */
    private static PcpMessage accepted(PcpMessage answer, byte[] nonce, int port) throws IOException {
        if (answer.nonce() == null) {
            throw new IOException("the gateway does not speak this version");
        }
        if (!Arrays.equals(answer.nonce(), nonce) || answer.port() != port) {
            throw new MalformedException("PCP: an answer to another request");
        }
        if (answer.result() != 0) {
            throw new IOException("refused: " + answer.resultText());
        }
        return answer;
    }
}
