package adit.relay;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes are read within the bounds or refused, and what was read is written as something that means the same. */
class AutoNatFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void versionOne(byte[] bytes) {
        try {
            AutoNatV1Message message = AutoNatV1Message.read(new ByteArrayInputStream(bytes));
            if (message == null) {
                return;
            }
            boolean isBounded = switch (message) {
                case AutoNatV1Message.Dial dial -> dial.addresses().size() <= AutoNatV1Message.MAXIMUM_ADDRESSES;
                case AutoNatV1Message.DialResponse response -> response.text().length() <= AutoNatV1Message.MAXIMUM_TEXT;
            };
            if (!isBounded || !AutoNatV1Message.parse(message.toBytes()).equals(message)) {
                throw new AssertionError(message);
            }
        } catch (IOException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "60s")
    void versionTwo(byte[] bytes) {
        try {
            AutoNatV2Message message = AutoNatV2Message.read(new ByteArrayInputStream(bytes));
            if (message == null) {
                return;
            }
            boolean isBounded = switch (message) {
                case AutoNatV2Message.DialRequest request -> request.addresses().size() <= AutoNatV2Message.MAXIMUM_ADDRESSES;
                case AutoNatV2Message.DialDataResponse data -> data.bytes() <= AutoNatV2Message.MAXIMUM;
                case AutoNatV2Message.DialResponse _, AutoNatV2Message.DialDataRequest _ -> true;
            };
            if (!isBounded || !AutoNatV2Message.parse(message.toBytes()).equals(message)) {
                throw new AssertionError(message);
            }
        } catch (IOException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "30s")
    void dialBack(byte[] bytes) {
        try {
            long nonce = AutoNatV2Message.parseDialBack(bytes);
            if (AutoNatV2Message.parseDialBack(AutoNatV2Message.dialBack(nonce)) != nonce) {
                throw new AssertionError(nonce);
            }
        } catch (IOException e) {
            // refused
        }
    }
}
