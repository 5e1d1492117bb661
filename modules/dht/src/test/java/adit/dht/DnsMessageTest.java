package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DnsMessageTest {
    private static byte[] message(int questions, int answers, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {0, 7, (byte) 0x84, 0, (byte) (questions >> 8), (byte) questions, (byte) (answers >> 8), (byte) answers, 0, 0,
            0, 0});
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return all;
    }

    private static void assertRefused(byte[] message) {
        assertThrows(MalformedException.class, () -> DnsMessage.parse(message));
    }

    @Test void whatIsWrittenIsReadAgain() throws MalformedException {
        DnsMessage.Question question = new DnsMessage.Question("_p2p._udp.local", DnsMessage.TYPE_PTR, DnsMessage.CLASS_IN | DnsMessage.TOP_BIT);
        DnsMessage.Resource text = new DnsMessage.Resource("x._p2p._udp.local", DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN, 0xfedcba98L,
                DnsMessage.textBytes(List.of("a=1", "", "b")));
        DnsMessage read = DnsMessage.parse(new DnsMessage(0xfffe, DnsMessage.RESPONSE, List.of(question), List.of(text), List.of(text)).encode());
        assertEquals(0xfffe, read.id());
        assertEquals(List.of(question), read.questions());
        assertEquals(0xfedcba98L, read.answers().getFirst().seconds());
        assertEquals(List.of("a=1", "", "b"), read.additional().getFirst().texts());
        assertTrue(DnsMessage.isWithin(read.answers().getFirst().name(), "_P2P._udp.local"));
    }

    @Test void compressedNamesAreRead() throws MalformedException {
        byte[] first = bytes(1, 'a', 2, 'b', 'c', 0, 0, 16, 0, 1);
        byte[] second = bytes(1, 'x', 0xc0, 14, 0, 16, 0, 1);
        DnsMessage read = DnsMessage.parse(message(2, 0, first, second));
        assertEquals(List.of("a.bc", "x.bc"), read.questions().stream().map(DnsMessage.Question::name).toList());
    }

    @Test void pointersThatDoNotLeadBackAreRefused() {
        assertRefused(message(1, 0, bytes(0xc0, 12, 0, 16, 0, 1)));
        assertRefused(message(1, 0, bytes(0xc0, 14, 0xc0, 12, 0, 16, 0, 1)));
        assertRefused(message(1, 0, bytes(1, 'a', 0xc0, 12, 0, 16, 0, 1)));
        assertRefused(message(1, 0, bytes(0xff, 0xff, 0, 16, 0, 1)));
        assertRefused(message(1, 0, bytes(0xc0)));
    }

    @Test void namesAreNoLongerThanAllowed() throws MalformedException {
        byte[] label = new byte[64];
        label[0] = 63;
        Arrays.fill(label, 1, 64, (byte) 'a');
        byte[] end = bytes(0, 0, 16, 0, 1);
        assertEquals(3 * 64 - 1, DnsMessage.parse(message(1, 0, label, label, label, end)).questions().getFirst().name().length());
        assertRefused(message(1, 0, label, label, label, label, end));
        assertRefused(message(1, 0, bytes(64), label, end));
        assertRefused(message(1, 0, bytes(3, 'a', '.', 'b'), end));
    }

    @Test void countsAndLengthsBeyondTheMessageAreRefused() {
        byte[] question = bytes(0, 0, 16, 0, 1);
        assertRefused(new byte[0]);
        assertRefused(new byte[11]);
        assertRefused(message(2, 0, question));
        assertRefused(message(0, 1, bytes(0, 0, 16, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 1)));
        assertRefused(message(DnsMessage.MAXIMUM_ENTRIES, 1, question));
        assertRefused(message(0xffff, 0xffff, question));
        DnsMessage.Resource text = new DnsMessage.Resource("a", DnsMessage.TYPE_TXT, 1, 1, bytes(5, 'a'));
        assertThrows(MalformedException.class, text::texts);
    }

    @Timeout(600)
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAMessageOrRefused(byte[] bytes) {
        try {
            DnsMessage message = DnsMessage.parse(bytes);
            for (DnsMessage.Resource each : message.answers()) {
                assertTrue(each.name().length() <= DnsMessage.MAXIMUM_NAME);
            }
            DnsMessage again = DnsMessage.parse(message.encode());
            assertEquals(message.questions(), again.questions());
            for (DnsMessage.Resource each : message.additional()) {
                each.texts();
            }
        } catch (MalformedException refused) {
            // as it must be
        }
    }
}
