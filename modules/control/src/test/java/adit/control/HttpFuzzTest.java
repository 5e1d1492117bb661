package adit.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever bytes come, a parser returns, refuses or says that they ended early, the same however the bytes are cut. */
final class HttpFuzzTest {
    private static final ControlSettings SETTINGS = ScratchServer.small();

    @FuzzTest(maxDuration = "2m")
    void requests(byte[] bytes) throws IOException {
        String whole = parseRequests(bytes, Integer.MAX_VALUE);
        assertEquals(whole, parseRequests(bytes, 1));
        assertEquals(whole, parseRequests(bytes, 7));
    }

    private static String parseRequests(byte[] bytes, int pieceBytes) throws IOException {
        var channel = new PiecewiseChannel(bytes, pieceBytes);
        var input = new HttpInput(channel);
        var parser = new RequestParser(input, SETTINGS);
        var outcome = new StringBuilder();
        try {
            while (input.await()) {
                Request request = parser.readHead();
                assertTrue(request.method().equals("POST") && request.path().startsWith("/"), request.path());
                byte[] body = parser.readBody(request);
                assertTrue(body.length <= SETTINGS.maximumBody());
                assertTrue(request.bodyLength() == Request.CHUNKED || request.bodyLength() == body.length);
                outcome.append(request).append(new String(body, StandardCharsets.ISO_8859_1)).append(request.keepsAlive());
            }
        } catch (HttpException refusal) {
            assertTrue(refusal.status() >= 400 && refusal.status() < 600);
            outcome.append(refusal.status()).append(refusal.getMessage());
        } catch (EOFException early) {
            outcome.append(early.getMessage());
        }
        return outcome.toString();
    }

    @FuzzTest(maxDuration = "2m")
    void chunks(byte[] bytes) throws IOException {
        assertEquals(decode(bytes, Integer.MAX_VALUE), decode(bytes, 1));
    }

    private static String decode(byte[] bytes, int pieceBytes) throws IOException {
        var body = new ByteArrayOutputStream();
        try {
            var stream = new ChunkedInputStream(new HttpInput(new PiecewiseChannel(bytes, pieceBytes)));
            for (int next = stream.read(); next >= 0; next = stream.read()) {
                body.write(next);
            }
            assertEquals(-1, stream.read());
            return body.toString(StandardCharsets.ISO_8859_1) + stream.trailers();
        } catch (HttpException | EOFException refusal) {
            return body.toString(StandardCharsets.ISO_8859_1) + refusal;
        } finally {
            assertTrue(body.size() <= bytes.length);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void answers(byte[] bytes) {
        try (ControlResponse response = ControlClient.readResponse(new HttpInput(new PiecewiseChannel(bytes, 5)), () -> { })) {
            assertTrue(response.status() == 101 || response.status() >= 200 && response.status() < 600);
            assertTrue(response.body().readAllBytes().length <= bytes.length);
        } catch (IOException refused) {
            assertTrue(refused.getMessage() != null);
        }
    }

    @Test
    @Timeout(60)
    void anyBodyInAnyChunksComesBack() throws IOException {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] body = new byte[random.nextInt(3000)];
            random.nextBytes(body);
            var encoded = new ByteArrayOutputStream();
            for (int from = 0; from < body.length;) {
                int count = Math.min(body.length - from, 1 + random.nextInt(700));
                String size = Integer.toHexString(count) + (random.nextBoolean() ? ";a=b" : "") + "\r\n";
                encoded.write(size.getBytes(StandardCharsets.US_ASCII));
                encoded.write(body, from, count);
                encoded.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                from += count;
            }
            encoded.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var stream = new ChunkedInputStream(new HttpInput(new PiecewiseChannel(encoded.toByteArray(), 1 + random.nextInt(900))));
            assertArrayEquals(body, stream.readAllBytes(), "round " + round);
        }
    }

    @Test
    @Timeout(60)
    void anyTextSurvivesTheQuery() throws IOException {
        var random = new Random(2);
        for (int round = 0; round < 5000; round++) {
            var text = new StringBuilder();
            random.ints(random.nextInt(40), 0, 0x110000).filter(c -> c < 0xd800 || c > 0xdfff)
                    .map(c -> random.nextBoolean() ? c & 0x7f : c).forEach(text::appendCodePoint);
            var encoded = new StringBuilder();
            PercentEncoding.encode(text.toString(), encoded);
            assertEquals(text.toString(), PercentEncoding.decode(encoded.toString(), true), "round " + round);
            assertEquals(text.toString(), PercentEncoding.decode(encoded.toString(), false), "round " + round);
        }
    }
}
