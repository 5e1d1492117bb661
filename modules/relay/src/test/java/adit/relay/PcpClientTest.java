package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PcpClientTest {
    private ScriptedGateway gateway;
    private PcpClient client;

    @BeforeEach void open() throws IOException {
        gateway = new ScriptedGateway();
        client = new PcpClient(Impatient.ROUTE, gateway.address(), Impatient.SETTINGS);
    }

    @AfterEach void close() {
        gateway.close();
    }

    private String failure() {
        return assertThrows(IOException.class, () -> client.map(4001, null)).getMessage();
    }

    @Test void mappingIsAskedForAndGranted() throws IOException {
        gateway.shift = 10;
        gateway.lifetime = 600;
        PortMapping mapping = client.map(4001, null);
        assertEquals(new PortMapping(MappingMeans.PCP, Impatient.LOOPBACK, 4001, new InetSocketAddress("1.2.3.4", 4011), Duration.ofMinutes(10)), mapping);
        assertEquals("/ip4/1.2.3.4/tcp/4011", mapping.address().toString());
        ByteBuffer request = ByteBuffer.wrap(gateway.requests().getFirst());
        assertEquals(60, request.remaining());
        assertEquals(2, request.get(0));
        assertEquals(1, request.get(1));
        assertEquals(3600, request.getInt(4));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1}, Arrays.copyOfRange(request.array(), 8, 24));
        assertEquals(6, request.get(36));
        assertEquals(4001, request.getShort(40));
        assertEquals(4001, request.getShort(42), "the port listened on would be welcome outside");
    }

    @Test void renewalAndRemovalShowTheNonceOfTheMapping() throws IOException {
        gateway.shift = 10;
        PortMapping mapping = client.map(4001, null);
        client.map(4001, mapping);
        client.unmap(mapping);
        client.map(4002, null);
        List<byte[]> nonces = gateway.requests().stream().map(request -> Arrays.copyOfRange(request, 24, 36)).toList();
        assertArrayEquals(nonces.get(0), nonces.get(1));
        assertArrayEquals(nonces.get(0), nonces.get(2));
        assertFalse(Arrays.equals(nonces.get(0), nonces.get(3)), "each mapping has its own");
        assertFalse(Arrays.equals(nonces.get(0), new byte[12]));
        ByteBuffer renewal = ByteBuffer.wrap(gateway.requests().get(1));
        assertEquals(4011, renewal.getShort(42), "the port that it had");
        assertArrayEquals(new byte[] {1, 2, 3, 4}, Arrays.copyOfRange(renewal.array(), 56, 60));
        assertEquals(0, ByteBuffer.wrap(gateway.requests().get(2)).getInt(4), "a lifetime of 0 removes");
    }

    @Test void onlyTheTrueAnswerIsTaken() throws IOException {
        gateway.answers = request -> {
            byte[] right = gateway.grant(request);
            byte[] wrongNonce = right.clone();
            wrongNonce[30] ^= 1;
            byte[] wrongPort = right.clone();
            wrongPort[41] ^= 1;
            byte[] wrongProtocol = right.clone();
            wrongProtocol[36] = 17;
            byte[] noAnswer = right.clone();
            noAnswer[1] = 1;
            byte[] six = right.clone();
            six[44] = 0x20;
            byte[] refusalOfOthers = gateway.pcp(wrongNonce, 2);
            return List.of(new byte[0], new byte[] {2}, Arrays.copyOf(right, 24), Arrays.copyOf(right, 59), Arrays.copyOf(right, 61), new byte[1500],
                    Arrays.copyOf(right, 1104), request, wrongNonce, wrongPort, wrongProtocol, noAnswer, six, refusalOfOthers, right);
        };
        assertEquals(new InetSocketAddress("1.2.3.4", 4001), client.map(4001, null).external());
        assertEquals(1, gateway.requests().size(), "what is no answer is not waited for anew");
    }

    @Test void answerWithOptionsIsTaken() throws IOException {
        gateway.answers = request -> List.of(Arrays.copyOf(gateway.grant(request), 1100));
        assertEquals(4001, client.map(4001, null).external().getPort());
    }

    @Test void onlyTheGatewayIsBelieved() throws IOException {
        client = new PcpClient(Impatient.ROUTE, gateway.address(), Impatient.HASTY);
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(Impatient.LOOPBACK, 0));
                DatagramSocket elsewhere = new DatagramSocket(new InetSocketAddress("127.0.0.9", gateway.address().getPort()))) {
            gateway.answers = request -> {
                byte[] forged = gateway.grant(request);
                try {
                    other.send(new DatagramPacket(forged, forged.length, gateway.client()));
                    elsewhere.send(new DatagramPacket(forged, forged.length, gateway.client()));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return List.of();
            };
            assertEquals("no answer", failure());
        }
    }

    @Test void eachQuestionHasAPortOfItsOwn() throws IOException {
        client.map(4001, null);
        Object first = gateway.client();
        client.map(4001, null);
        assertFalse(first.equals(gateway.client()));
    }

    @Test void refusalIsToldInWords() {
        gateway.answers = request -> List.of(gateway.pcp(request, 2));
        assertEquals("refused: not authorized", failure());
        gateway.answers = request -> List.of(gateway.pcp(request, 12));
        assertEquals("refused: there is another NAT on the way to it", failure());
        gateway.answers = request -> List.of(gateway.pcp(request, 99));
        assertEquals("refused: error 99", failure());
        assertEquals(3, gateway.requests().size(), "who refuses is not asked again");
    }

    @Test void gatewayOfTheOlderProtocolIsRecognizedAtOnce() {
        gateway.answers = request -> List.of(new byte[] {0, (byte) 0x81, 0, 1, 0, 0, 0, 9});
        assertEquals("the gateway does not speak this version", failure());
        assertEquals(1, gateway.requests().size());
    }

    @Test void addressThatLeadsNowhereIsRefused() {
        gateway.external = InetAddress.ofLiteral("0.0.0.0");
        assertEquals("the gateway has no external address", failure());
        for (String useless : List.of("127.0.0.1", "224.0.0.1", "169.254.1.1")) {
            gateway.external = InetAddress.ofLiteral(useless);
            assertTrue(failure().startsWith("the gateway gives no usable address"), useless);
        }
        gateway.external = InetAddress.ofLiteral("1.2.3.4");
        gateway.shift = -4001;
        assertTrue(failure().startsWith("the gateway gives no usable address"));
        gateway.shift = 0;
        gateway.lifetime = 0;
        assertEquals("the gateway gives the mapping no time", failure());
    }

    @Test void silenceIsGivenUp() {
        client = new PcpClient(Impatient.ROUTE, gateway.address(), Impatient.HASTY);
        gateway.answers = request -> List.of();
        assertEquals("no answer", failure());
        assertEquals(Impatient.HASTY.tries(), gateway.requests().size());
    }

    @Test void nonsenseWithoutEndIsGivenUp() {
        client = new PcpClient(Impatient.ROUTE, gateway.address(), Impatient.HASTY);
        byte[] nonsense = {1, 2, 3};
        gateway.answers = request -> Collections.nCopies(5000, nonsense);
        assertEquals("no answer", failure());
    }

    @Test void absentServerIsToldAtOnce() {
        gateway.close();
        assertEquals("not spoken there", failure());
    }
}
