package adit.dht;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

class MessageFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadWithinTheBoundsOrRefused(byte[] bytes) {
        try {
            Message message = Message.read(new ByteArrayInputStream(bytes), Message.MAXIMUM_REQUEST);
            if (message == null) {
                return;
            }
            if (message.closerPeers().size() > Message.MAXIMUM_CLOSER || message.providerPeers().size() > Message.MAXIMUM_PROVIDERS
                    || message.key().length > Message.MAXIMUM_KEY) {
                throw new AssertionError("more is kept than the bounds allow");
            }
            if (!Message.parse(message.toBytes()).closerPeers().equals(message.closerPeers())) {
                throw new AssertionError("what is written is not what is read");
            }
        } catch (IOException e) {
            // refused
        }
    }
}
