package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DnsClientTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path directory;

    private ScriptedDnsServer server;
    private DnsClient client;

    @BeforeEach void open() throws IOException {
        server = new ScriptedDnsServer().knows("a.example", "first", "second");
        client = DnsClient.of(server.address(), Duration.ofSeconds(10));
    }

    @AfterEach void close() throws IOException {
        server.close();
    }

    private IOException failure(String name) {
        return assertThrows(IOException.class, () -> client.texts(name));
    }

    @Test void textRecordsAreFound() throws IOException {
        assertEquals(List.of("first", "second"), client.texts("a.example"));
        assertEquals(List.of("first", "second"), client.texts("A.Example"), "case does not count");
    }

    @Test void stringsOfOneRecordArePutTogether() throws IOException {
        String text = "0123456789".repeat(60);
        server.knows("long.example", text);
        assertEquals(List.of(text), client.texts("long.example"));
    }

    @Test void missingNameIsToldAtOnceAndAskedForOnce() {
        assertThrows(UnknownHostException.class, () -> client.texts("none.example"));
        assertEquals(1, server.asked().size());
    }

    @Test void whatCouldNotBeANameIsNotAskedFor() {
        for (String name : List.of("", ".", "a..b", "x".repeat(64) + ".example", "abcdefghi.".repeat(30) + "x", "ü\u0100.example")) {
            assertThrows(UnknownHostException.class, () -> client.texts(name), name);
        }
        assertEquals(List.of(), server.asked());
    }

    @Test void answerTooLongForADatagramIsFetchedOverTcp() throws IOException {
        server.answersByUdp(query -> List.of(new DnsMessage(query.id(), DnsMessage.RESPONSE | DnsMessage.TRUNCATED, query.questions(),
                List.of(), List.of()).encode()));
        assertEquals(List.of("first", "second"), client.texts("a.example"));
    }

    @Test void forgedAnswersAreNotTaken() throws IOException {
        DnsMessage.Question other = new DnsMessage.Question("b.example", DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN);
        server.answersByUdp(query -> {
            DnsMessage right = server.answer(query);
            byte[] wrongId = new DnsMessage(query.id() ^ 1, right.flags(), right.questions(), List.of(), List.of()).encode();
            byte[] wrongName = new DnsMessage(query.id(), right.flags(), List.of(other), List.of(), List.of()).encode();
            byte[] noQuestion = new DnsMessage(query.id(), right.flags(), List.of(), List.of(), List.of()).encode();
            return List.of(wrongId, wrongName, noQuestion, query.encode(), new byte[] {1, 2, 3}, right.encode());
        });
        assertEquals(List.of("first", "second"), client.texts("a.example"));
    }

    @Test void silentServerIsGivenUp() {
        server.answersByUdp(query -> List.of());
        client = DnsClient.of(server.address(), SHORT);
        assertTrue(failure("a.example").getMessage().contains("does not answer"));
        assertEquals(2, server.asked().size(), "a datagram may get lost");
    }

    @Test void trickleOverTcpIsGivenUp() {
        server.answersByUdp(query -> List.of(new DnsMessage(query.id(), DnsMessage.RESPONSE | DnsMessage.TRUNCATED, query.questions(),
                List.of(), List.of()).encode()));
        server.answersByTcp(query -> new byte[0]);
        client = DnsClient.of(server.address(), SHORT);
        failure("a.example");
    }

    @Test void errorOfAServerIsTold() {
        server.answersByUdp(query -> List.of(new DnsMessage(query.id(), DnsMessage.RESPONSE | 2, query.questions(), List.of(), List.of())
                .encode()));
        assertEquals("the DNS server answered with error 2", failure("a.example").getMessage());
    }

    @Test void absentServerIsTold() throws IOException {
        SocketAddress nobody;
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            nobody = free.getLocalSocketAddress();
        }
        client = DnsClient.of((InetSocketAddress) nobody, Duration.ofSeconds(5));
        String message = failure("a.example").getMessage();
        assertTrue(message.startsWith("there is no DNS server at 127.0.0.1 port "), message);
    }

    @Test void serversOfTheSystemAreRead() throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), """
                # nameserver 192.0.2.99
                search example
                nameserver 192.0.2.1
                nameserver not-an-address
                nameserver\t2001:db8::1
                nameserver 192.0.2.2
                nameserver 192.0.2.3
                """);
        assertEquals(List.of("192.0.2.1", "2001:db8:0:0:0:0:0:1", "192.0.2.2"),
                DnsClient.systemServers(file).stream().map(server -> server.getAddress().getHostAddress()).toList());
        assertTrue(DnsClient.systemServers(directory.resolve("none")).getFirst().getAddress().isLoopbackAddress());
    }
}
