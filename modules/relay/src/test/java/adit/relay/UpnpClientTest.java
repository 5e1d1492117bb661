package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpnpClientTest {
    private ScriptedDevice device;
    private UpnpClient client;

    @BeforeEach void open() throws IOException {
        device = new ScriptedDevice();
        client = client(Impatient.SETTINGS);
    }

    @AfterEach void close() throws IOException {
        device.close();
    }

    private UpnpClient client(PortMappingSettings settings) {
        return new UpnpClient(Impatient.ROUTE, List.of(device.searchAddress()), settings);
    }

    private String failure() {
        return assertThrows(IOException.class, () -> client.map(4001, null)).getMessage();
    }

    /** When nothing is found the search takes all its time. */
    private String failureOfHasty() {
        client = client(Impatient.HASTY);
        return failure();
    }

    private static void assertSays(String part, String whole) {
        assertTrue(whole.contains(part), whole);
    }

    private PortMapping mapping(int externalPort, Duration lifetime) {
        return new PortMapping(MappingMeans.UPNP, Impatient.LOOPBACK, 4001, new InetSocketAddress("1.2.3.4", externalPort), lifetime);
    }

    @Test void deviceIsFoundAndMapsThePort() throws IOException {
        PortMapping mapping = client.map(4001, null);
        assertEquals(mapping(4001, Duration.ofHours(1)), mapping);
        assertSays("MAN: \"ssdp:discover\"\r\n", device.searches().getFirst());
        String asked = device.asked().getLast();
        assertSays("POST /ctl/IPConn?x=1 HTTP/1.1\n", asked);
        assertSays("<u:AddPortMapping xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:1\"><NewRemoteHost></NewRemoteHost>"
                + "<NewExternalPort>4001</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>4001</NewInternalPort>"
                + "<NewInternalClient>127.0.0.1</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>adit</NewPortMappingDescription>"
                + "<NewLeaseDuration>3600</NewLeaseDuration></u:AddPortMapping>", asked);
        int requests = device.asked().size();
        client.map(4001, mapping);
        assertEquals(requests + 2, device.asked().size(), "the device is known: its address, the mapping");
        client.unmap(mapping);
        assertSays("<u:DeletePortMapping xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:1\"><NewRemoteHost></NewRemoteHost>"
                + "<NewExternalPort>4001</NewExternalPort><NewProtocol>TCP</NewProtocol></u:DeletePortMapping>", device.asked().getLast());
    }

    @Test void deviceOfVersionTwoPicksThePort() throws IOException {
        device.version = 2;
        assertEquals(mapping(5001, Duration.ofHours(1)), client.map(4001, null));
        assertSays("<u:AddAnyPortMapping xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:2\">", device.asked().getLast());
    }

    @Test void pppConnectionAndAbsoluteUrlsAreUnderstood() throws IOException {
        String base = device.location().replace("/rootDesc.xml", "");
        device.control = base + "/ppp";
        device.answers = request -> request.startsWith("GET") ? ScriptedDevice.ok(device.description().replace("WANIP", "WANPPP")
                .replace("<device><deviceType>", "<URLBase>" + base + "/</URLBase><device><deviceType>")) : null;
        client.map(4001, null);
        assertSays("POST /ppp HTTP/1.1\n", device.asked().getLast());
        assertSays("service:WANPPPConnection:1\"", device.asked().getLast());
    }

    @Test void onlyPermanentMappingsAreTakenAsTheyAre() throws IOException {
        device.answers = request -> request.contains("<NewLeaseDuration>3600<") ? ScriptedDevice.fault(725) : null;
        assertEquals(mapping(4001, Duration.ZERO), client.map(4001, null));
    }

    @Test void portOfAnotherMachineIsLeftToIt() throws IOException {
        device.answers = request -> request.contains("<NewExternalPort>4001<") ? ScriptedDevice.fault(718) : null;
        PortMapping mapping = client.map(4001, null);
        assertTrue(mapping.external().getPort() >= 1024 && mapping.external().getPort() != 4001, mapping.toString());
        device.answers = request -> request.contains("<u:AddPortMapping") ? ScriptedDevice.fault(718) : null;
        int before = device.asked().size();
        assertEquals("refused: AddPortMapping: the port is mapped to another machine (718)", failure());
        assertEquals(before + 5, device.asked().size(), "four ports are tried");
    }

    @Test void refusalIsToldInWords() {
        device.answers = request -> request.contains("<u:AddPortMapping") ? ScriptedDevice.fault(606) : null;
        assertEquals("refused: AddPortMapping: not authorized (606)", failure());
        device.answers = request -> request.contains("<u:AddPortMapping") ? "HTTP/1.0 403 Forbidden\r\n\r\n<no xml" : null;
        assertEquals("refused: AddPortMapping: HTTP status 403", failure());
    }

    @Test void deviceThatHasMovedIsFoundAgain() throws IOException {
        PortMapping mapping = client.map(4001, null);
        device.control = "/moved";
        device.answers = request -> request.startsWith("POST /ctl") ? "HTTP/1.1 404 Not Found\r\n\r\n" : null;
        assertSays("404", failure());
        assertEquals(mapping, client.map(4001, mapping));
        assertSays("POST /moved ", device.asked().getLast());
    }

    @Test void answersOfOthersAreNotBelieved() throws IOException {
        try (DatagramSocket stranger = new DatagramSocket(new InetSocketAddress("127.0.0.9", 0))) {
            device.searchAnswers = search -> List.of();
            client = client(Impatient.HASTY);
            byte[] lure = ScriptedDevice.found(device.location()).getBytes();
            try (DatagramSocket relay = new DatagramSocket(new InetSocketAddress(Impatient.LOOPBACK, 0))) {
                UpnpClient lured = new UpnpClient(Impatient.ROUTE, List.of((InetSocketAddress) relay.getLocalSocketAddress()), Impatient.HASTY);
                Thread luring = Thread.ofVirtual().start(() -> {
                    try {
                        DatagramPacket search = new DatagramPacket(new byte[2048], 2048);
                        relay.receive(search);
                        stranger.send(new DatagramPacket(lure, lure.length, search.getSocketAddress()));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertEquals("no device of the gateway answers", assertThrows(IOException.class, () -> lured.map(4001, null)).getMessage());
                luring.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        assertEquals(List.of(), device.asked());
    }

    @Test void nothingIsFetchedFromElsewhere() throws IOException {
        try (ScriptedDevice other = new ScriptedDevice(InetAddress.ofLiteral("127.0.0.9"))) {
            device.searchAnswers = search -> List.of(ScriptedDevice.found(other.location()), ScriptedDevice.found("https://127.0.0.1/x"),
                    ScriptedDevice.found("file:///etc/passwd"), ScriptedDevice.found("http://user@127.0.0.1/x"), ScriptedDevice.found("//"), "nonsense", "");
            assertEquals("no device of the gateway answers", failureOfHasty());
            device.searchAnswers = search -> List.of(ScriptedDevice.found(device.location()));
            device.control = other.location();
            assertSays("a URL that does not lead to the gateway 127.0.0.1: " + other.location(), failureOfHasty());
            device.control = "//" + other.location().substring("http://".length());
            assertSays("does not lead to the gateway", failureOfHasty());
            device.control = "/ctl";
            device.answers = request -> request.startsWith("GET") ? ScriptedDevice.ok(device.description().replace("<device><deviceType>",
                    "<URLBase>" + other.location() + "</URLBase><device><deviceType>")) : null;
            assertSays("does not lead to the gateway", failureOfHasty());
            device.answers = request -> request.startsWith("GET")
                    ? "HTTP/1.1 302 Found\r\nLocation: " + other.location() + "\r\nContent-Length: 0\r\n\r\n" : null;
            assertEquals("the device answered with HTTP status 302", failureOfHasty());
            device.answers = request -> request.startsWith("POST")
                    ? "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + other.location() + "\r\nContent-Length: 0\r\n\r\n" : null;
            assertEquals("refused: GetExternalIPAddress: HTTP status 307", failureOfHasty());
            assertEquals(List.of(), other.asked());
        }
    }

    @Test void entitiesOfTheDevicesMakingAreRefused() {
        String bomb = "<?xml version=\"1.0\"?><!DOCTYPE root [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><root>&b;</root>";
        device.answers = request -> ScriptedDevice.ok(bomb);
        assertSays("XML: ", failureOfHasty());
        device.answers = request -> ScriptedDevice.ok(device.description().replace("&#174;", "&b;"));
        assertEquals("XML: an unknown entity", failureOfHasty());
    }

    @Test void answerThatIsTooLongIsRefused() {
        device.answers = request -> ScriptedDevice.ok("<root>" + "x".repeat(70_000) + "</root>");
        assertSays("HTTP: a length that is no number up to 65536", failureOfHasty());
        device.dripping = out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
            while (true) {
                out.write(new byte[1000]);
            }
        };
        assertSays("up to 65536", failureOfHasty());
        device.dripping = out -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes());
            while (true) {
                out.write("X: y\r\n".getBytes());
            }
        };
        assertEquals("HTTP: more than 64 headers", failureOfHasty());
    }

    @Test void answerThatDripsIsGivenUp() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger bytes = new AtomicInteger();
        device.dripping = out -> {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                out.write('x');
                bytes.incrementAndGet();
            }
        };
        assertEquals("no answer in time", failureOfHasty());
        over.countDown();
        assertTrue(bytes.get() > 0);
    }

    @Test void deviceThatMapsNothingIsTold() {
        device.answers = request -> request.startsWith("GET") ? ScriptedDevice.ok("<root><device/></root>") : null;
        assertEquals("the device is no gateway that maps ports", failureOfHasty());
        device.answers = request -> null;
        device.external = "0.0.0.0";
        assertEquals("the gateway has no external address", failureOfHasty());
        device.external = "";
        assertEquals("the gateway tells no IPv4 address", failureOfHasty());
        device.external = "1.2.3.999";
        assertEquals("the gateway tells no IPv4 address", failureOfHasty());
        device.external = "evil.example";
        assertEquals("the gateway tells no IPv4 address", failureOfHasty());
        assertFalse(device.asked().isEmpty());
    }

    @Test void silenceIsGivenUp() {
        device.searchAnswers = search -> List.of();
        assertEquals("no device of the gateway answers", failureOfHasty());
        assertEquals(6, device.searches().size(), "three targets, twice");
    }
}
