package adit.dht;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import com.code_intelligence.jazzer.junit.FuzzTest;

class IpnsRecordFuzzTest {
    private static final PrivateKey OWNER = PrivateKey.generate();

    @FuzzTest(maxDuration = "30s")
    void noBytesAreTakenForARecordThatTheOwnerDidNotSign(byte[] bytes) {
        try {
            IpnsRecord.verified(OWNER.peerId(), bytes);
            throw new AssertionError("a record out of nothing");
        } catch (MalformedException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "30s")
    void anyCborIsReadOrRefused(byte[] bytes) {
        try {
            CborReader reader = new CborReader(bytes);
            long pairs = reader.readMap();
            for (long i = 0; i < pairs; i++) {
                reader.readText();
                reader.skip();
            }
            reader.end();
        } catch (MalformedException e) {
            // refused
        }
    }
}
