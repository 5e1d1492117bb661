package adit.dht;

import adit.multiformats.MalformedException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks up TXT records (RFC 1035) at a resolver: over UDP, over TCP when the answer does not fit. A new socket, and so a new
 * port, and a random id for each question: what cannot be guessed cannot be forged from afar.
 */
final class DnsClient {
    /** How often each server is asked. */
    private static final int ROUNDS = 2;
    /** As many servers of resolv.conf as the C library takes. */
    private static final int MAXIMUM_SERVERS = 3;
    private static final int MAXIMUM_LINES = 1000;
    private static final int PORT = 53;
    /** Bytes of an answer over UDP that pass everywhere in one piece (DNS flag day 2020). */
    private static final int UDP_BYTES = 1232;
    private static final int RCODE = 15;
    private static final int NO_SUCH_NAME = 3;

    private final List<InetSocketAddress> servers;
    private final Path systemFile;
    private final Duration patience;
    private final SecureRandom random = new SecureRandom();

    private DnsClient(List<InetSocketAddress> servers, Path systemFile, Duration patience) {
        this.servers = servers;
        this.systemFile = systemFile;
        this.patience = patience;
    }

    /** @param patience for one server to answer once */
    static DnsClient of(InetSocketAddress server, Duration patience) {
        return new DnsClient(List.of(server), null, patience);
    }

    /** Asks the servers of a file like /etc/resolv.conf, which is read for each question: a laptop changes its networks. */
    static DnsClient ofSystem(Path resolvConf, Duration patience) {
        return new DnsClient(null, resolvConf, patience);
    }

    /**
     * The TXT records of a name, the strings of each put together. Blocks for at most twice the patience a server.
     *
     * @throws UnknownHostException there is no such name
     * @throws IOException no server answers
     */
    List<String> texts(String name) throws IOException {
        if (!DnsMessage.isName(name)) {
            throw new UnknownHostException(name + " is no name that could be looked up");
        }
        IOException failure = null;
        List<InetSocketAddress> asked = servers == null ? systemServers(systemFile) : servers;
        for (int round = 0; round < ROUNDS; round++) {
            for (InetSocketAddress server : asked) {
                try {
                    return texts(ask(server, name), name);
                } catch (UnknownHostException certain) {
                    throw certain;
                } catch (IOException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
        throw failure;
    }

    private static List<String> texts(DnsMessage answer, String name) throws IOException {
        int code = answer.flags() & RCODE;
        if (code == NO_SUCH_NAME) {
            throw new UnknownHostException("there is no name " + name);
        }
        if (code != 0) {
            throw new IOException("the DNS server answered with error " + code);
        }
        List<String> texts = new ArrayList<>();
        for (DnsMessage.Resource record : answer.answers()) {
            if (record.type() == DnsMessage.TYPE_TXT) {
                texts.add(String.join("", record.texts()));
            }
        }
        return texts;
    }

    private DnsMessage ask(InetSocketAddress server, String name) throws IOException {
        DnsMessage.Question question = new DnsMessage.Question(name, DnsMessage.TYPE_TXT, DnsMessage.CLASS_IN);
        // EDNS (RFC 6891): the class of the OPT record is the size of answers that are welcome
        DnsMessage.Resource options = new DnsMessage.Resource("", DnsMessage.TYPE_OPT, UDP_BYTES, 0, new byte[0]);
        DnsMessage query = new DnsMessage(random.nextInt(1 << 16), DnsMessage.RECURSION_DESIRED, List.of(question), List.of(), List.of(options));
        long end = System.nanoTime() + patience.toNanos();
        try {
            DnsMessage answer = askByUdp(server, query, end);
            return (answer.flags() & DnsMessage.TRUNCATED) == 0 ? answer : askByTcp(server, query, end);
        } catch (SocketTimeoutException e) {
            throw new IOException("the DNS server " + text(server) + " does not answer", e);
        } catch (PortUnreachableException e) {
            throw new IOException("there is no DNS server at " + text(server), e);
        }
    }

    private static String text(InetSocketAddress server) {
        return server.getAddress().getHostAddress() + " port " + server.getPort();
    }

    /** What does not answer this question, or is no message at all, may be forged: the true answer may still come. */
    private static DnsMessage askByUdp(InetSocketAddress server, DnsMessage query, long end) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            byte[] question = query.encode();
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket packet = new DatagramPacket(new byte[UDP_BYTES], UDP_BYTES);
            while (true) {
                socket.setSoTimeout(millisecondsUntil(end));
                packet.setLength(UDP_BYTES);
                socket.receive(packet);
                try {
                    DnsMessage answer = DnsMessage.parse(Arrays.copyOf(packet.getData(), packet.getLength()));
                    if (answers(answer, query)) {
                        return answer;
                    }
                } catch (MalformedException e) {
                    // as if it had not come
                }
            }
        }
    }

    private static DnsMessage askByTcp(InetSocketAddress server, DnsMessage query, long end) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, millisecondsUntil(end));
            byte[] question = query.encode();
            OutputStream out = socket.getOutputStream();
            out.write(ByteBuffer.allocate(2 + question.length).putShort((short) question.length).put(question).array());
            byte[] length = readFully(socket, 2, end);
            DnsMessage answer = DnsMessage.parse(readFully(socket, (length[0] & 0xff) << 8 | length[1] & 0xff, end));
            if (!answers(answer, query)) {
                throw new IOException("the DNS server " + text(server) + " answered another question");
            }
            return answer;
        }
    }

    /** A server that sends a byte now and then must not hold this thread: the time is looked at before each read. */
    private static byte[] readFully(Socket socket, int length, long end) throws IOException {
        byte[] bytes = new byte[length];
        DataInputStream in = new DataInputStream(socket.getInputStream());
        for (int have = 0; have < length;) {
            socket.setSoTimeout(millisecondsUntil(end));
            int more = in.read(bytes, have, length - have);
            if (more < 0) {
                throw new IOException("the DNS server closed the connection before its answer had ended");
            }
            have += more;
        }
        return bytes;
    }

    private static int millisecondsUntil(long end) throws SocketTimeoutException {
        long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) left;
    }

    private static boolean answers(DnsMessage answer, DnsMessage query) {
        DnsMessage.Question asked = query.questions().getFirst();
        return answer.id() == query.id() && (answer.flags() & DnsMessage.RESPONSE) != 0 && answer.questions().size() == 1
                && answer.questions().getFirst().isFor(asked.name(), asked.type());
    }

    /** As the C library: without a nameserver in the file the one of this machine. */
    static List<InetSocketAddress> systemServers(Path resolvConf) throws IOException {
        List<InetSocketAddress> servers = new ArrayList<>();
        if (Files.isRegularFile(resolvConf)) {
            try (var lines = Files.lines(resolvConf, StandardCharsets.ISO_8859_1)) {
                for (String line : (Iterable<String>) lines.limit(MAXIMUM_LINES)::iterator) {
                    String[] words = line.strip().split("\\s+");
                    if (words.length >= 2 && words[0].equals("nameserver") && servers.size() < MAXIMUM_SERVERS) {
                        addServer(servers, words[1]);
                    }
                }
            }
        }
        return servers.isEmpty() ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT)) : servers;
    }

    private static void addServer(List<InetSocketAddress> servers, String literal) {
        try {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral(literal), PORT));
        } catch (IllegalArgumentException e) {
            // no address: the C library leaves such a line out, too
        }
    }
}
