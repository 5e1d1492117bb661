package adit.dht;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A DNS server on loopback, UDP and TCP on one port, whose answers the test decides. */
final class ScriptedDnsServer implements AutoCloseable {
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<String>> records = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile Function<DnsMessage, List<byte[]>> udpAnswers = query -> List.of(answer(query).encode());
    private volatile Function<DnsMessage, byte[]> tcpAnswer = query -> answer(query).encode();

    ScriptedDnsServer() throws IOException {
        ServerSocket stream = null;
        DatagramSocket datagrams = null;
        while (stream == null) {
            datagrams = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try {
                stream = new ServerSocket(datagrams.getLocalPort(), 10, InetAddress.getLoopbackAddress());
            } catch (IOException taken) {
                datagrams.close();
            }
        }
        udp = datagrams;
        tcp = stream;
        Thread.ofVirtual().start(this::udpLoop);
        Thread.ofVirtual().start(this::tcpLoop);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** Names asked for, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    ScriptedDnsServer knows(String name, String... texts) {
        records.put(name, List.of(texts));
        return this;
    }

    /** What comes for a question over UDP, several datagrams or none. */
    ScriptedDnsServer answersByUdp(Function<DnsMessage, List<byte[]>> answers) {
        udpAnswers = answers;
        return this;
    }

    ScriptedDnsServer answersByTcp(Function<DnsMessage, byte[]> answer) {
        tcpAnswer = answer;
        return this;
    }

    /** The true answer. */
    DnsMessage answer(DnsMessage query) {
        String name = query.questions().getFirst().name().toLowerCase(Locale.ROOT);
        List<DnsMessage.Resource> answers = new ArrayList<>();
        for (String text : records.getOrDefault(name, List.of())) {
            List<String> parts = new ArrayList<>();
            for (int at = 0; at < text.length(); at += 255) {
                parts.add(text.substring(at, Math.min(text.length(), at + 255)));
            }
            answers.add(new DnsMessage.Resource(name, DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN, 60, DnsMessage.textBytes(parts)));
        }
        int code = records.containsKey(name) ? 0 : 3;
        return new DnsMessage(query.id(), DnsMessage.RESPONSE | code, query.questions(), answers, List.of());
    }

    private void udpLoop() {
        try {
            byte[] room = new byte[2048];
            while (true) {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                udp.receive(packet);
                DnsMessage query = DnsMessage.parse(Arrays.copyOf(room, packet.getLength()));
                asked.add(query.questions().getFirst().name());
                for (byte[] answer : udpAnswers.apply(query)) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void tcpLoop() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] query = new byte[in.readUnsignedShort()];
                    in.readFully(query);
                    byte[] answer = tcpAnswer.apply(DnsMessage.parse(query));
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
