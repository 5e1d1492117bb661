package adit.relay;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

class CircuitMessageFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadWithinTheBoundsOrRefused(byte[] bytes) {
        for (CircuitProtocol protocol : CircuitProtocol.values()) {
            try {
                CircuitMessage message = CircuitMessage.read(protocol, new ByteArrayInputStream(bytes));
                CircuitMessage again = CircuitMessage.parse(protocol, message.toBytes(protocol));
                if (!again.limit().equals(message.limit()) || !again.status().equals(message.status()) || again.type() != message.type()) {
                    throw new AssertionError("what is written is not what is read");
                }
                if (message.reservation() != null && message.reservation().addresses().size() > CircuitMessage.MAXIMUM_ADDRESSES) {
                    throw new AssertionError("more is kept than the bounds allow");
                }
            } catch (IOException e) {
                // refused
            }
        }
    }

    @FuzzTest(maxDuration = "30s")
    void anyBytesAreAVoucherOrRefused(byte[] bytes) {
        try {
            ReservationVoucher.open(bytes);
        } catch (IOException e) {
            // refused
        }
    }
}
