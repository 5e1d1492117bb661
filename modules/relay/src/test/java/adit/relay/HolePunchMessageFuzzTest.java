package adit.relay;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

class HolePunchMessageFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void anyBytesAreReadWithinTheBoundsOrRefused(byte[] bytes) {
        try {
            HolePunchMessage message = HolePunchMessage.read(HolePunchMessage.Type.CONNECT, new ByteArrayInputStream(bytes));
            if (message.addresses().size() > HolePunchMessage.MAXIMUM_ADDRESSES || !HolePunchMessage.parse(message.toBytes()).equals(message)) {
                throw new AssertionError("what is written is not what is read");
            }
        } catch (IOException e) {
            // refused
        }
    }
}
