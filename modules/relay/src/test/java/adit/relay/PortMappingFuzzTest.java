package adit.relay;

import adit.multiformats.MalformedException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

class PortMappingFuzzTest {
    private static final InetAddress GATEWAY = InetAddress.ofLiteral("192.168.1.1");
    private static final DeviceUrl LOCATION = new DeviceUrl(new InetSocketAddress(GATEWAY, 5000), "/root.xml");

    @FuzzTest(maxDuration = "30s")
    void anyPcpAnswerIsReadOrRefused(byte[] datagram) {
        try {
            PcpMessage message = PcpMessage.parse(datagram);
            message.resultText();
            if (message.nonce() != null && message.external().getAddress().getAddress().length != 4) {
                throw new AssertionError("an address that is not IPv4");
            }
        } catch (MalformedException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "30s")
    void anyNatPmpAnswerIsReadOrRefused(byte[] datagram) {
        try {
            NatPmpMessage.parse(datagram).resultText();
        } catch (MalformedException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "30s")
    void anySearchAnswerLeadsToTheGatewayOrNowhere(byte[] datagram) {
        try {
            stays(DeviceUrl.of(UpnpSearch.location(datagram), GATEWAY));
        } catch (MalformedException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyUrlLeadsToTheGatewayOrNowhere(byte[] url) {
        try {
            stays(LOCATION.resolve(new String(url, StandardCharsets.UTF_8)));
        } catch (MalformedException e) {
            // refused
        }
    }

    private static void stays(DeviceUrl url) {
        boolean isPlain = url.path().startsWith("/") && url.path().chars().allMatch(c -> c > ' ' && c < 127);
        if (!url.server().getAddress().equals(GATEWAY) || !isPlain) {
            throw new AssertionError("leads to " + url);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyHttpAnswerIsReadWithinTheBoundsOrRefused(byte[] bytes) {
        try {
            if (HttpAnswer.read(new ByteArrayInputStream(bytes)).body().length() > HttpAnswer.MAXIMUM_BODY) {
                throw new AssertionError("more than the bound");
            }
        } catch (MalformedException e) {
            // refused
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyDescriptionIsReadOrRefused(byte[] document) {
        try {
            UpnpService.of(XmlElement.parse(new String(document, StandardCharsets.UTF_8)), LOCATION).forEach(service -> stays(service.control()));
        } catch (MalformedException e) {
            // refused
        }
    }
}
