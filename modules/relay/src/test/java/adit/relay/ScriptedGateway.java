package adit.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A gateway on loopback that speaks PCP and NAT-PMP as the test decides; by itself it grants what is asked for. */
final class ScriptedGateway implements AutoCloseable {
    private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(Impatient.LOOPBACK, 0));
    private final List<byte[]> requests = new CopyOnWriteArrayList<>();
    private volatile SocketAddress client;
    volatile Function<byte[], List<byte[]>> answers = request -> List.of(grant(request));
    /** External address. */
    volatile InetAddress external = InetAddress.ofLiteral("1.2.3.4");
    /** Added to each port for the external one. */
    volatile int shift;
    volatile int lifetime = 3600;

    ScriptedGateway() throws IOException {
        Thread.ofVirtual().start(this::answerLoop);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** All that came, in order. */
    List<byte[]> requests() {
        return List.copyOf(requests);
    }

    /** Who asked last. */
    SocketAddress client() {
        return client;
    }

    private void answerLoop() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                socket.receive(packet);
                byte[] request = Arrays.copyOf(packet.getData(), packet.getLength());
                client = packet.getSocketAddress();
                requests.add(request);
                for (byte[] answer : answers.apply(request)) {
                    socket.send(new DatagramPacket(answer, answer.length, client));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    /** The true answer to a request of either protocol. */
    byte[] grant(byte[] request) {
        return request[0] == 2 ? pcp(request, 0) : natPmp(request, 0);
    }

    byte[] pcp(byte[] request, int result) {
        int port = ByteBuffer.wrap(request).getShort(40) & 0xffff;
        ByteBuffer answer = ByteBuffer.allocate(60).put((byte) 2).put((byte) 0x81).put((byte) 0).put((byte) result).putInt(lifetime).putInt(1000);
        answer.position(24).put(request, 24, 18).putShort((short) (port + shift)).putShort(54, (short) -1).put(56, external.getAddress());
        return answer.array();
    }

    byte[] natPmp(byte[] request, int result) {
        if (request[1] == 0) {
            return ByteBuffer.allocate(12).putShort((short) 0x80).putShort((short) result).putInt(1000).put(external.getAddress()).array();
        }
        int port = ByteBuffer.wrap(request).getShort(4) & 0xffff;
        return ByteBuffer.allocate(16).putShort((short) 0x82).putShort((short) result).putInt(1000).putShort((short) port)
                .putShort((short) (port + shift)).putInt(lifetime).array();
    }

    @Override public void close() {
        socket.close();
    }
}
