package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.multiformats.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpAnswerTest {
    private static HttpAnswer read(String text) throws IOException {
        return HttpAnswer.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test void bodyEndsByLengthChunksOrConnection() throws IOException {
        assertEquals(new HttpAnswer(200, "hé"), read("HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:3\r\n\r\nhé and more"));
        assertEquals(new HttpAnswer(500, "hello"), read("HTTP/1.0 500\n\nhello"));
        assertEquals(new HttpAnswer(200, "hello world"),
                read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"));
    }

    @Test void whatGoesBeyondTheBoundsIsRefused() {
        for (String wrong : List.of("", "HTTP/1.1 200", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b", "x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(65537),
                "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(65) + "\r\n", "HTTP/1.1 200 OK\r\nA: " + "x".repeat(5000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nabc", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ("8000\r\n" + "x".repeat(0x8000) + "\r\n").repeat(3) + "0\r\n\r\n")) {
            assertThrows(MalformedException.class, () -> read(wrong), wrong.substring(0, Math.min(80, wrong.length())));
        }
    }
}
