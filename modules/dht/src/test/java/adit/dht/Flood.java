package adit.dht;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import adit.transport.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One peer that sends a node everything at once, as fast as it can, until closed. */
final class Flood implements AutoCloseable {
    private static final int CONTENTS = 1024;

    /** Requests that have left, whole ones. */
    final AtomicLong sent = new AtomicLong();

    /** Answers that came back on streams that read them. */
    final AtomicLong answered = new AtomicLong();
    private final LoopbackNode from;
    private final PeerId to;
    private final String protocol;
    private final List<Message> requests = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isClosed;

    /** What one thread does again and again. */
    private interface Wave {
        void send(Random random) throws IOException;
    }

    Flood(LoopbackNode from, PeerId to, String protocol) {
        this.from = from;
        this.to = to;
        this.protocol = protocol;
        for (int i = 0; i < CONTENTS; i++) {
            requests.add(Message.findNode(content(i)));
            requests.add(Message.of(MessageType.GET_PROVIDERS, content(i)));
            requests.add(new Message(MessageType.ADD_PROVIDER, content(i), null, List.of(), List.of(from.known())));
        }
        for (int i = 0; i < CONTENTS; i++) {
            requests.add(publicKey(PrivateKey.generate()));
        }
    }

    /** Those that it chooses from. */
    List<Message> requests() {
        return requests;
    }

    /** The multihash of a content. */
    private static byte[] content(int number) {
        byte[] multihash = new byte[34];
        new Random(number).nextBytes(multihash);
        multihash[0] = 0x12;
        multihash[1] = 0x20;
        return multihash;
    }

    /** A value that the network accepts. */
    private static Message publicKey(PrivateKey key) {
        byte[] name = key.peerId().toBytes();
        byte[] path = new byte[4 + name.length];
        System.arraycopy("/pk/".getBytes(StandardCharsets.US_ASCII), 0, path, 0, 4);
        System.arraycopy(name, 0, path, 4, name.length);
        return new Message(MessageType.PUT_VALUE, path, new ValueRecord(path, key.publicKey().toProtobuf(), ""), List.of(), List.of());
    }

    /** Many threads of each kind. */
    Flood start(int each) {
        for (int i = 0; i < each; i++) {
            Random random = new Random(i);
            repeat(random, this::pipeline);
            repeat(random, this::newStreams);
            repeat(random, this::abandoned);
            repeat(random, this::huge);
        }
        return this;
    }

    private void repeat(Random random, Wave wave) {
        threads.add(Thread.ofVirtual().start(() -> {
            while (!isClosed) {
                try {
                    wave.send(random);
                } catch (IOException refused) {
                    // again
                }
            }
        }));
    }

    private Message any(Random random) {
        return requests.get(random.nextInt(requests.size()));
    }

    private Stream open() throws IOException {
        return from.swarm.openStream(to, protocol);
    }

    /** Requests one after the other on one stream, the answers read beside. */
    private void pipeline(Random random) throws IOException {
        Stream stream = open();
        threads.add(Thread.ofVirtual().start(() -> readAll(stream)));
        try {
            while (!isClosed) {
                any(random).write(stream.outputStream());
                sent.incrementAndGet();
            }
        } finally {
            stream.reset();
        }
    }

    private void readAll(Stream stream) {
        try {
            while (Message.read(stream.inputStream(), Message.MAXIMUM_ANSWER) != null) {
                answered.incrementAndGet();
            }
        } catch (IOException ended) {
            // the node has had enough
        }
    }

    /** A stream for each request, whose answer nobody waits for. */
    private void newStreams(Random random) throws IOException {
        Stream stream = open();
        any(random).write(stream.outputStream());
        sent.incrementAndGet();
        stream.reset();
    }

    /** Streams whose requests have a beginning only. */
    private void abandoned(Random random) throws IOException {
        Stream stream = open();
        stream.write(new byte[] {100, (byte) random.nextInt()}, 0, 2);
    }

    /** A stream with the longest request, which nobody would send; the next one says that it is even longer. */
    private void huge(Random random) throws IOException {
        Stream stream = open();
        byte[] filler = new ProtobufWriter().varint(1, MessageType.PUT_VALUE.ordinal()).bytes(2, content(random.nextInt()))
                .bytes(77, new byte[Message.MAXIMUM_REQUEST - 100]).toBytes();
        Varint.writeLengthPrefixed(stream.outputStream(), filler);
        sent.incrementAndGet();
        stream.write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f}, 0, 4);
        stream.inputStream().readNBytes(1);
    }

    /** Stops it; what is under way ends with the flooder's swarm. */
    @Override public void close() {
        isClosed = true;
        from.swarm.disconnect(to, "the flood is over");
    }

    /** Floods a running daemon: its address with its peer id, the protocol, seconds. Prints how another peer is answered meanwhile. */
    public static void main(String[] words) throws IOException {
        Multiaddr address = Multiaddr.parse(words[0]);
        PeerId daemon = PeerId.parse(address.lastPeerId().orElseThrow());
        try (LoopbackNode flooder = new LoopbackNode(); LoopbackNode other = new LoopbackNode()) {
            for (LoopbackNode each : List.of(flooder, other)) {
                each.swarm.addressBook().add(daemon, List.of(address.withoutTrailingPeerId().orElseThrow()), Duration.ofHours(1));
            }
            List<Long> waits = new ArrayList<>();
            int refused = 0;
            long begin = System.nanoTime();
            try (Flood flood = new Flood(flooder, daemon, words[1]).start(4)) {
                for (long at = begin; at - begin < Long.parseLong(words[2]) * 1_000_000_000L; at = System.nanoTime()) {
                    try (Stream stream = other.swarm.openStream(daemon, words[1])) {
                        Message.findNode(daemon.toBytes()).write(stream.outputStream());
                        Message.read(stream.inputStream(), Message.MAXIMUM_ANSWER);
                        waits.add((System.nanoTime() - at) / 1_000_000);
                    } catch (IOException e) {
                        refused++;
                    }
                }
                Collections.sort(waits);
                System.out.printf("%.0f requests/s, %d answered in all; another peer: %d answered, %d not; ms, median %d, 99 %% %d, most %d%n",
                        flood.sent.get() * 1e9 / (System.nanoTime() - begin), flood.answered.get(), waits.size(), refused,
                        waits.get(waits.size() / 2), waits.get(waits.size() * 99 / 100), waits.getLast());
            }
        }
    }
}
