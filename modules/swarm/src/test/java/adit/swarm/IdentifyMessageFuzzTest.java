package adit.swarm;

import adit.identity.PrivateKey;
import adit.transport.Direction;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

class IdentifyMessageFuzzTest {
    private static final StubConnection CONNECTION = StubConnection.from(PrivateKey.generate(), Direction.INBOUND, "/ip4/127.0.0.1/tcp/5");

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadWithinTheBoundsOrRefused(byte[] bytes) {
        try {
            IdentifyMessage message = IdentifyMessage.read(new ByteArrayInputStream(bytes));
            IdentifiedPeer peer = message.identifiedPeer(CONNECTION);
            if (peer.protocols().size() > IdentifyMessage.MAXIMUM_PROTOCOLS
                    || peer.listenAddresses().size() > IdentifyMessage.MAXIMUM_ADDRESSES) {
                throw new AssertionError("more is kept than the bounds allow");
            }
            message.encode();
        } catch (IOException e) {
            // refused
        }
    }
}
