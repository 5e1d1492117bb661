package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is a request and what is refused, byte by byte over a real socket. */
@Timeout(20)
final class RequestRulesTest {
    private static final String LINE = "POST /api/v0/p2p/ls HTTP/1.1\r\n";
    private static final String HOST = "Host: adit\r\n";
    private static final String CLOSE = "Connection: close\r\n";

    @Test
    void requestWithoutBodyIsServed() throws IOException {
        assertEquals("POST /api/v0/p2p/ls {} ", body(talk(LINE + HOST + CLOSE + "\r\n")));
    }

    @Test
    void hostMayBeAnyValueButMustBeThereOnce() throws IOException {
        assertStatus(200, LINE + "Host: \r\n" + CLOSE + "\r\n");
        assertStatus(200, LINE + "hOsT:127.0.0.1:5001 \t\r\n" + CLOSE + "\r\n");
        assertStatus(400, LINE + CLOSE + "\r\n");
        assertStatus(400, LINE + HOST + HOST + CLOSE + "\r\n");
    }

    @Test
    void wholeUrlAsTargetIsItsPath() throws IOException {
        assertEquals("POST /api/v0/id {} ", body(talk("POST http://adit/api/v0/id HTTP/1.1\r\n" + HOST + CLOSE + "\r\n")));
        assertEquals("POST / {} ", body(talk("POST HTTP://adit HTTP/1.1\r\n" + HOST + CLOSE + "\r\n")));
    }

    @Test
    void queryKeepsOrderAndRepeatedNames() throws IOException {
        assertEquals("POST /a b/é {arg=[1, , /ip4/1.2.3.4/tcp/0+x], v=[], =[y]} ",
                body(talk("POST /a%20b/%C3%a9?arg=1&arg=&&arg=%2fip4/1.2.3.4/tcp/0%2Bx&v&=y HTTP/1.1\r\n" + HOST + CLOSE + "\r\n")));
    }

    @Test
    void rawUtf8InTheTargetIsTakenAsCurlSendsIt() throws IOException {
        assertEquals("POST /é {arg=[ü ö]} ", body(talk("POST /é?arg=ü+ö HTTP/1.1\r\n" + HOST + CLOSE + "\r\n")));
    }

    @Test
    void bodyByLengthAndByChunksIsTheSame() throws IOException {
        assertEquals("POST /api/v0/p2p/ls {} hello", body(talk(LINE + HOST + CLOSE + "Content-Length: 5\r\n\r\nhello")));
        assertEquals("POST /api/v0/p2p/ls {} hello",
                body(talk(LINE + HOST + CLOSE
                        + "Transfer-Encoding: Chunked\r\n\r\n2;x=\"y\"\r\nhe\r\n003\r\nllo\r\n0\r\nX-Trailer: z\r\n\r\n")));
    }

    @Test
    void multipartBodyArrivesAsItIs() throws IOException {
        String part = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n";
        assertEquals("POST /api/v0/p2p/ls {} " + part,
                body(talk(LINE + HOST + CLOSE + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + part.length()
                        + "\r\n\r\n" + part)));
    }

    @Test
    void otherMethodsAreRefusedAsKuboDoes() throws IOException {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "post", "BREW")) {
            String answer = assertStatus(405, method + " /api/v0/id HTTP/1.1\r\n" + HOST + "\r\n");
            assertTrue(answer.contains("\r\nAllow: POST\r\n"), answer);
            assertEquals(method.equals("HEAD") ? "" : "405 - Method Not Allowed\n", body(answer));
        }
        assertStatus(200, "GET /metrics HTTP/1.1\r\n" + HOST + CLOSE + "\r\n");
        assertStatus(405, "GET /metrics/ HTTP/1.1\r\n" + HOST + "\r\n");
        assertStatus(405, "PUT /metrics HTTP/1.1\r\n" + HOST + "\r\n");
        assertStatus(403, "GET /metrics HTTP/1.1\r\n" + HOST + "Origin: http://example.org\r\n\r\n");
        assertStatus(405, "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
        assertStatus(405, "CONNECT adit:80 HTTP/1.1\r\n" + HOST + "\r\n");
    }

    @Test
    void whatABrowserSendsIsForbidden() throws IOException {
        for (String line : List.of("Origin: http://localhost:5001", "Origin: null", "Origin:", "Referer: http://adit/",
                "User-Agent: Mozilla/5.0 (X11)")) {
            assertStatus(403, LINE + HOST + line + "\r\n\r\n");
        }
        assertStatus(200, LINE + HOST + CLOSE + "User-Agent: /kubo/0.43.1/\r\n\r\n");
    }

    @Test
    void whatCouldHideARequestInsideAnotherIsMalformed() throws IOException {
        for (String lines : List.of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
                "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n", "Content-Length: -5\r\n", "Content-Length: 0x5\r\n",
                "Content-Length: \r\n",
                "Content-Length: 5 5\r\n", "Content-Length: 9223372036854775808\r\n", "Content-Length: 18446744073709551621\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 5\r\n", " Content-Length: 5\r\n",
                "X: y\r\n folded\r\n", "X: y\r\n\tfolded\r\n", "no colon\r\n", ": empty name\r\n", "X\u0000: y\r\n", "X: y\u0000\r\n",
                "X: a\rb\r\n", "X: y\n",
                "X: \u007f\r\n", "X(: y\r\n", "Ü: y\r\n")) {
            assertStatus(400, LINE + HOST + lines + "\r\nhello");
        }
    }

    @Test
    void bareLineFeedsAreMalformed() throws IOException {
        assertStatus(400, "POST /api/v0/id HTTP/1.1\nHost: adit\n\n");
        assertStatus(400, LINE + HOST + "\n");
        assertStatus(400, LINE + HOST + CLOSE + "Transfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n");
    }

    @Test
    void unknownTransferCodingsAreNotImplemented() throws IOException {
        for (String coding : List.of("gzip", "identity", "gzip, chunked", "chunked, chunked", "xchunked", "")) {
            assertStatus(501, LINE + HOST + "Transfer-Encoding: " + coding + "\r\n\r\n");
        }
    }

    @Test
    void malformedRequestLinesAreRefused() throws IOException {
        for (String line : List.of("", "POST", "POST ", "POST /", "POST / ", "POST  / HTTP/1.1", "POST /  HTTP/1.1", "POST / HTTP/1.1 ",
                " POST / HTTP/1.1",
                "POST / http/1.1", "POST / HTTP/11", "P@ST / HTTP/1.1", "POST /a b HTTP/1.1", "POST / HTTP/1.1\u0000",
                        "\u0016\u0003\u0001")) {
            assertStatus(400, line + "\r\n" + HOST + "\r\n");
        }
        for (String target : List.of("a", "*", "?x", "https://adit/", "/%", "/%4", "/%zz", "/%ff", "/?%c3%28", "/?a=%", "/#f",
                "//%e2%82")) {
            assertStatus(400, "POST " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
        }
    }

    @Test
    void otherVersionsAreNotSpoken() throws IOException {
        assertStatus(505, "POST / HTTP/1.0\r\n" + HOST + "\r\n");
        assertStatus(505, "POST / HTTP/2.0\r\n" + HOST + "\r\n");
        assertStatus(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @Test
    void malformedChunksAreRefused() throws IOException {
        for (String chunks : List.of("x\r\n", "\r\n", "-1\r\n", " 1\r\nx\r\n0\r\n\r\n", "1 1\r\n", "0x1\r\nx\r\n0\r\n\r\n",
                "1000000000000000\r\n", "2\r\nabc\r\n0\r\n\r\n",
                "1;" + "e".repeat(300) + "\r\n", "0\r\n x: y\r\n\r\n", "１\r\nx\r\n0\r\n\r\n")) {
            assertStatus(400, LINE + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
        }
    }

    @Test
    void oneEmptyLineBeforeARequestIsForgivenAndNoMore() throws IOException {
        assertStatus(200, "\r\n" + LINE + HOST + CLOSE + "\r\n");
        assertStatus(400, "\r\n\r\n" + LINE + HOST + CLOSE + "\r\n");
    }

    @Test
    void unknownExpectationsAreRefused() throws IOException {
        assertStatus(417, LINE + HOST + "Expect: miracles\r\n\r\n");
    }

    @Test
    void clientThatWaitsForContinueGetsIt() throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo); RawClient client = server.connect()) {
            client.send(LINE + HOST + CLOSE + "Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readUntil("\r\n\r\n"));
            client.send("hello");
            assertEquals("POST /api/v0/p2p/ls {} hello", body(client.readAll()));
        }
    }

    @Test
    void clientThatWaitsForContinueWithATooLargeBodyIsToldAtOnce() throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo); RawClient client = server.connect()) {
            client.send(LINE + HOST + "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
            assertTrue(client.readUntil("\r\n\r\n").startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    void connectionServesRequestAfterRequest() throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo); RawClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send("POST /" + i + " HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\nx");
                String head = client.readUntil("\r\n\r\n");
                assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n") && !head.contains("Connection:"), head);
                client.readUntil("POST /" + i + " {} x");
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String answers = talk("POST /1 HTTP/1.1\r\n" + HOST + "\r\nPOST /2 HTTP/1.1\r\n" + HOST
                + "Content-Length: 1\r\n\r\nxPOST /3 HTTP/1.1\r\n" + HOST + CLOSE
                + "\r\nPOST /4 HTTP/1.1\r\n" + HOST + "\r\n");
        assertTrue(answers.indexOf("POST /1 {}") < answers.indexOf("POST /2 {} x")
                && answers.indexOf("POST /2 {} x") < answers.indexOf("POST /3"), answers);
        assertFalse(answers.contains("/4"), "nothing is served behind Connection: close");
    }

    @Test
    void halfClosedClientStillGetsTheAnswer() throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo); RawClient client = server.connect()) {
            client.send(LINE + HOST + "\r\n");
            client.channel.shutdownOutput();
            assertEquals("POST /api/v0/p2p/ls {} ", body(client.readAll()));
        }
    }

    @Test
    void requestThatEndsEarlyIsToldSo() throws IOException {
        for (String start : List.of("P", LINE, LINE + HOST, LINE + HOST + "Content-Length: 5\r\n\r\nhell", LINE + HOST
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhell")) {
            try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo); RawClient client = server.connect()) {
                client.send(start);
                client.channel.shutdownOutput();
                assertTrue(client.readAll().startsWith("HTTP/1.1 400 "), start);
            }
        }
    }

    @Test
    void handlerThatFailsBeforeItsAnswerBecomesKubosError() throws IOException {
        var calls = new AtomicInteger();
        try (var server = new ScratchServer(ScratchServer.small(), exchange -> {
            switch (calls.getAndIncrement()) {
                case 0 -> throw new IOException("peer \"x\" is gone");
                case 1 -> throw new IllegalStateException("broken");
                case 2 -> throw new IOException();
                default -> { }
            }
        })) {
            String request = LINE + HOST + CLOSE + "\r\n";
            assertEquals("{\"Message\":\"peer \\\"x\\\" is gone\",\"Code\":0,\"Type\":\"error\"}\n", body(server.talk(request)));
            assertTrue(server.warnings.isEmpty());
            assertTrue(server.talk(request).contains("500 Internal Server Error"));
            assertEquals(1, server.warnings.size(), "a defect is told to the operator");
            assertTrue(body(server.talk(request)).contains("IOException"));
            assertTrue(body(server.talk(request)).contains("gave no answer"));
        }
    }

    @Test
    void secondAnswerIsADefectAndNotSent() throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), exchange -> {
            exchange.respond(200, "text/plain", "one".getBytes(StandardCharsets.US_ASCII));
            exchange.respond(200, "text/plain", "two".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertEquals("one", body(server.talk(LINE + HOST + CLOSE + "\r\n")));
            assertEquals(1, server.warnings.size());
        }
    }

    private static String assertStatus(int status, String request) throws IOException {
        String answer = talk(request);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), () -> "not " + status + ": " + request + "\n" + answer);
        return answer;
    }

    private static String talk(String request) throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo)) {
            return server.talk(request);
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
