package adit.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A UPnP device on loopback: SSDP and HTTP, answering as the test decides; by itself an Internet Gateway Device. */
final class ScriptedDevice implements AutoCloseable {
    private final DatagramSocket ssdp = new DatagramSocket(new InetSocketAddress(Impatient.LOOPBACK, 0));
    private final ServerSocket http;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> searches = new CopyOnWriteArrayList<>();
    volatile int version = 1;
    volatile String external = "1.2.3.4";
    volatile String control = "/ctl/IPConn?x=1";
    volatile Function<String, List<String>> searchAnswers = search -> List.of(found(location()));
    /** Raw HTTP answers by first line and body of the request; null for that of {@link #answer}. */
    volatile Function<String, String> answers = request -> null;
    /** Written in the place of everything. */
    volatile Dripping dripping;

    /** Writes an answer as it likes. */
    interface Dripping {
        void write(OutputStream out) throws Exception;
    }

    ScriptedDevice() throws IOException {
        this(Impatient.LOOPBACK);
    }

    ScriptedDevice(InetAddress address) throws IOException {
        http = new ServerSocket(0, 10, address);
        Thread.ofVirtual().start(this::searchLoop);
        Thread.ofVirtual().start(this::httpLoop);
    }

    InetSocketAddress searchAddress() {
        return (InetSocketAddress) ssdp.getLocalSocketAddress();
    }

    String location() {
        return "http://" + http.getInetAddress().getHostAddress() + ":" + http.getLocalPort() + "/rootDesc.xml";
    }

    /** First line and body of each HTTP request. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    List<String> searches() {
        return List.copyOf(searches);
    }

    static String found(String location) {
        return "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nEXT:\r\n"
                + "Location:" + location + "\r\n\r\n";
    }

    private void searchLoop() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                ssdp.receive(packet);
                String search = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                searches.add(search);
                for (String answer : searchAnswers.apply(search)) {
                    byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
                    ssdp.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void httpLoop() {
        try {
            while (true) {
                Socket socket = http.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = in.readLine();
            int length = 0;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
            }
            char[] body = new char[length];
            for (int have = 0; have < length;) {
                have += in.read(body, have, length - have);
            }
            String request = first + "\n" + new String(body);
            asked.add(request);
            if (dripping != null) {
                dripping.write(socket.getOutputStream());
                return;
            }
            String special = answers.apply(request);
            socket.getOutputStream().write((special != null ? special : answer(request)).getBytes(StandardCharsets.UTF_8));
        } catch (Exception gone) {
            // the other side has had enough
        }
    }

    /** The usual one. */
    String answer(String request) {
        if (request.startsWith("GET /rootDesc.xml ")) {
            return ok(description());
        }
        if (request.contains("<u:GetExternalIPAddress ")) {
            return ok(soap("GetExternalIPAddress", "<NewExternalIPAddress>" + external + "</NewExternalIPAddress>"));
        }
        if (request.contains("<u:AddAnyPortMapping ")) {
            return ok(soap("AddAnyPortMapping", "<NewReservedPort>5001</NewReservedPort>"));
        }
        return ok(soap("AddPortMapping", ""));
    }

    String description() {
        return "<?xml version=\"1.0\"?>\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><specVersion><major>1</major></specVersion><device>"
                + "<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:" + version + "</deviceType><friendlyName>R&amp;D &#174;</friendlyName>"
                + "<serviceList><service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/ctl/L3F</controlURL>"
                + "</service></serviceList><deviceList><device><deviceList><device><serviceList><service>"
                + "<serviceType>urn:schemas-upnp-org:service:WANIPConnection:" + version + "</serviceType><controlURL>" + control
                + "</controlURL></service></serviceList></device></deviceList></device></deviceList></device></root>\r\n";
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    static String fault(int code) {
        return ok("<s:Envelope xmlns:s=\"x\"><s:Body><s:Fault><faultcode>s:Client</faultcode><detail><UPnPError><errorCode>" + code
                + "</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>").replace("200 OK", "500 Internal Server Error");
    }

    private static String soap(String action, String inner) {
        return "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:" + action
                + "Response xmlns:u=\"y\">" + inner + "</u:" + action + "Response></s:Body></s:Envelope>";
    }

    @Override public void close() throws IOException {
        ssdp.close();
        http.close();
    }
}
