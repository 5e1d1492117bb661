package adit.relay;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/**
 * One question over UDP, asked again with growing pauses. A new socket for each, and so a new port, which is connected: the kernel
 * passes only what comes from the address that was asked.
 */
final class DatagramQuestion {
    /** Longer than any message of PCP (1100 bytes) or NAT-PMP: what fills it is too long. */
    private static final int ROOM = 1101;

    private DatagramQuestion() {}

    /** What to make of a datagram. */
    interface Answer<T> {
        /**
         * The answer in it.
         *
         * @throws MalformedException it is no answer to this question: the true one may still come
         * @throws IOException the gateway refuses
         */
        T parse(byte[] datagram) throws IOException;
    }

    /**
     * Blocks until there is an answer.
     *
     * @throws SocketTimeoutException there is none
     */
    static <T> T ask(InetAddress local, InetSocketAddress server, byte[] question, PortMappingSettings settings, Answer<T> answer)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local, 0))) {
            socket.connect(server);
            Duration wait = settings.firstWait();
            for (int i = 0; i < settings.tries(); i++) {
                socket.send(new DatagramPacket(question, question.length));
                try {
                    return awaitAnswer(socket, System.nanoTime() + wait.toNanos(), answer);
                } catch (SocketTimeoutException e) {
                    wait = wait.multipliedBy(2);
                }
            }
            throw new SocketTimeoutException("no answer");
        } catch (PortUnreachableException e) {
            throw new IOException("not spoken there", e);
        }
    }

    private static <T> T awaitAnswer(DatagramSocket socket, long end, Answer<T> answer) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[ROOM], ROOM);
        while (true) {
            socket.setSoTimeout(Patience.millisecondsUntil(end));
            packet.setLength(ROOM);
            socket.receive(packet);
            try {
                return answer.parse(Arrays.copyOf(packet.getData(), packet.getLength()));
            } catch (MalformedException e) {
                // as if it had not come
            }
        }
    }
}
