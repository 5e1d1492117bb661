package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpNetworkTest {
    private static boolean contains(String network, int bits, String address) {
        return IpNetwork.of(network, bits).contains(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @CsvSource({"10.128.0.0, 9, 10.255.255.255, 10.127.255.255", "192.0.2.7, 32, 192.0.2.7, 192.0.2.6", "192.0.2.7, 99, 192.0.2.7, 192.0.2.6",
            "2001:db8::, 33, 2001:db8:7fff::1, 2001:db8:8000::1", "64:ff9b::, 96, 64:ff9b::a00:1, 64:ff9b::1:a00:1", "fd00::1, 999, fd00::1, fd00::"})
    void holdsWhatBeginsWithItsBits(String network, int bits, String inside, String outside) {
        assertEquals("true false", contains(network, bits, inside) + " " + contains(network, bits, outside));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, ::", "::, 0.0.0.0"})
    void holdsNoAddressOfTheOtherVersion(String network, String address) {
        assertFalse(contains(network, 0, address));
    }
}
