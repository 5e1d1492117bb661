package adit.relay;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds the gateway's UPnP device: SSDP (UPnP Device Architecture 1.1, section 1.3). Only what the default gateway itself answers
 * counts; any machine of the network may answer, and would like to.
 */
final class UpnpSearch {
    /** The group of SSDP and its port, and the port of the gateway, which may be asked alone. */
    static final InetSocketAddress GROUP = new InetSocketAddress(InetAddress.ofLiteral("239.255.255.250"), 1900);

    /** Devices of version 2 answer to these as well. */
    private static final List<String> TARGETS = List.of("urn:schemas-upnp-org:device:InternetGatewayDevice:1",
            "urn:schemas-upnp-org:service:WANIPConnection:1", "urn:schemas-upnp-org:service:WANPPPConnection:1");
    /** Datagrams get lost: the question is sent so often, while the time runs. */
    private static final int ROUNDS = 2;
    private static final int HOPS = 2;
    private static final int ROOM = 2048;

    private final Route route;
    private final List<InetSocketAddress> destinations;
    private final PortMappingSettings settings;

    /** @param destinations of the question */
    UpnpSearch(Route route, List<InetSocketAddress> destinations, PortMappingSettings settings) {
        this.route = route;
        this.destinations = destinations;
        this.settings = settings;
    }

    /**
     * Asks until an answer is good enough; blocks at most searchTime, and while answers are looked at.
     *
     * @param isGood looks at where a device description is to be
     * @return false when none was
     */
    boolean search(Predicate<DeviceUrl> isGood) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(route.local(), 0))) {
            NetworkInterface on = NetworkInterface.getByInetAddress(route.local());
            if (on == null) {
                throw new IOException("the network is gone");
            }
            socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
            DeviceUrl last = null;
            for (int i = 0; i < ROUNDS; i++) {
                ask(socket);
                long end = System.nanoTime() + settings.searchTime().dividedBy(ROUNDS).toNanos();
                for (DeviceUrl found = next(socket, end); found != null; found = next(socket, end)) {
                    if (!found.equals(last) && isGood.test(found)) {
                        return true;
                    }
                    last = found;
                }
            }
            return false;
        }
    }

    private void ask(DatagramSocket socket) throws IOException {
        for (InetSocketAddress destination : destinations) {
            for (String target : TARGETS) {
                byte[] question = ("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + target
                        + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
                socket.send(new DatagramPacket(question, question.length, destination));
            }
        }
    }

    /** Null when the time is over. */
    private DeviceUrl next(DatagramSocket socket, long end) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[ROOM], ROOM);
        while (true) {
            try {
                socket.setSoTimeout(Patience.millisecondsUntil(end));
                packet.setLength(ROOM);
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return null;
            }
            if (packet.getAddress().equals(route.gateway())) {
                try {
                    return DeviceUrl.of(location(Arrays.copyOf(packet.getData(), packet.getLength())), route.gateway());
                } catch (MalformedException e) {
                    // the answer of something else
                }
            }
        }
    }

    /** Where the description of the device is that has sent this answer. */
    static String location(byte[] datagram) throws MalformedException {
        List<String> lines = new String(datagram, StandardCharsets.ISO_8859_1).lines().toList();
        if (lines.isEmpty() || HttpAnswer.status(lines.getFirst()) != 200) {
            throw new MalformedException("SSDP: no answer");
        }
        return HttpAnswer.value(lines, "location").orElseThrow(() -> new MalformedException("SSDP: an answer without LOCATION"));
    }
}
