package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NatPmpClientTest {
    private ScriptedGateway gateway;
    private NatPmpClient client;

    @BeforeEach void open() throws IOException {
        gateway = new ScriptedGateway();
        client = new NatPmpClient(Impatient.ROUTE, gateway.address(), Impatient.SETTINGS);
    }

    @AfterEach void close() {
        gateway.close();
    }

    private String failure() {
        return assertThrows(IOException.class, () -> client.map(4001, null)).getMessage();
    }

    @Test void addressAndMappingAreAskedFor() throws IOException {
        gateway.shift = 10;
        gateway.lifetime = 7200;
        PortMapping mapping = client.map(4001, null);
        assertEquals(new PortMapping(MappingMeans.NAT_PMP, Impatient.LOOPBACK, 4001, new InetSocketAddress("1.2.3.4", 4011), Duration.ofHours(2)), mapping);
        assertArrayEquals(new byte[] {0, 0}, gateway.requests().get(0));
        assertArrayEquals(new byte[] {0, 2, 0, 0, 0x0f, (byte) 0xa1, 0x0f, (byte) 0xa1, 0, 0, 0x0e, 0x10}, gateway.requests().get(1));
    }

    @Test void renewalSuggestsThePortItHadAndRemovalNone() throws IOException {
        gateway.shift = 10;
        PortMapping mapping = client.map(4001, null);
        client.map(4001, mapping);
        assertArrayEquals(new byte[] {0x0f, (byte) 0xab}, Arrays.copyOfRange(gateway.requests().get(3), 6, 8));
        client.unmap(mapping);
        assertArrayEquals(new byte[] {0, 2, 0, 0, 0x0f, (byte) 0xa1, 0, 0, 0, 0, 0, 0}, gateway.requests().get(4));
    }

    @Test void onlyTheTrueAnswerIsTaken() throws IOException {
        gateway.answers = request -> {
            byte[] right = gateway.grant(request);
            byte[] otherVersion = right.clone();
            otherVersion[0] = 1;
            byte[] udp = right.clone();
            udp[1] = (byte) 0x81;
            byte[] wrongPort = right.clone();
            wrongPort[9] ^= 1;
            boolean isMapping = request[1] == 2;
            byte[] other = gateway.grant(isMapping ? new byte[] {0, 0} : new byte[] {0, 2, 0, 0, 1, 1, 0, 0});
            return List.of(new byte[0], new byte[] {0, (byte) 0x82}, Arrays.copyOf(right, right.length - 1), Arrays.copyOf(right, right.length + 1),
                    new byte[1500], request, otherVersion, udp, other, isMapping ? wrongPort : other, right);
        };
        assertEquals(new InetSocketAddress("1.2.3.4", 4001), client.map(4001, null).external());
        assertEquals(2, gateway.requests().size());
    }

    @Test void refusalIsToldInWords() {
        gateway.answers = request -> List.of(request[1] == 0 ? gateway.grant(request) : Arrays.copyOf(gateway.natPmp(request, 2), 8));
        assertEquals("refused: not authorized", failure());
        gateway.answers = request -> List.of(gateway.natPmp(request, 3));
        assertEquals("refused: its own network is down", failure());
    }

    @Test void gatewayWithoutAddressIsRefused() {
        gateway.external = InetAddress.ofLiteral("0.0.0.0");
        assertEquals("the gateway has no external address", failure());
    }

    @Test void silenceIsGivenUp() {
        client = new NatPmpClient(Impatient.ROUTE, gateway.address(), Impatient.HASTY);
        gateway.answers = request -> List.of();
        assertEquals("no answer", failure());
        assertEquals(Impatient.HASTY.tries(), gateway.requests().size());
    }
}
