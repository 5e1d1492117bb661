package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Finds the peers of the local network, and is found by them, with no other node at all (libp2p/specs discovery/mdns.md). It
 * asks when it starts and when an interface appears, then less and less often: newcomers make themselves known. The monitor
 * guards whom it has dialled.
 */
public final class Mdns implements AutoCloseable {
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration INTERFACE_CHECK = Duration.ofSeconds(20);

    private static final int MAXIMUM_MESSAGE = 9000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ADDRESS_LIFE = Duration.ofMinutes(10);

    /** Bounds against a neighbour who invents peers. */
    static final int MAXIMUM_DIALS = 8;
    static final int MAXIMUM_DIALS_PER_MINUTE = 64;
    private static final Duration DIAL_PAUSE = Duration.ofMinutes(1);

    private final Swarm swarm;
    private final Supplier<List<Multiaddr>> addresses;
    private final Loops loops;
    private final Log log;
    private final MdnsMessages messages;
    private final MdnsAnswers answers;
    private final List<MdnsChannel> channels = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Semaphore dials = new Semaphore(MAXIMUM_DIALS);
    private final Map<PeerId, Long> dialled = new LinkedHashMap<>();
    private boolean isClosed;

    /** @param addresses told to neighbours, as far as they can use them */
    public Mdns(Swarm swarm, Supplier<List<Multiaddr>> addresses, Loops loops, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        this.addresses = addresses;
        this.loops = loops;
        this.log = log;
        messages = new MdnsMessages(swarm.self(), randomName(new SecureRandom()));
        answers = new MdnsAnswers(deadlines, loops, answer -> channels.forEach(channel -> channel.send(answer)));
    }

    private static String randomName(SecureRandom random) {
        int length = 32 + random.nextInt(32);
        StringBuilder name = new StringBuilder();
        while (name.length() < length) {
            name.append(Character.forDigit(random.nextInt(36), 36));
        }
        return name.toString();
    }

    /** Opens the sockets and starts; without IPv4 or IPv6 by the other alone. Without both it tells so and does nothing. */
    public synchronized void start() {
        IOException failure = open(MdnsChannel::version4);
        IOException failure6 = open(MdnsChannel::version6);
        if (channels.isEmpty()) {
            log.warn("peers of the local network cannot be found: port %d: %s", MdnsChannel.PORT,
                    (failure != null ? failure : failure6).getMessage());
            return;
        }
        channels.forEach(channel -> threads.add(loops.start("mdns receive", () -> receiveLoop(channel))));
        threads.add(loops.start("mdns query", this::queryLoop));
    }

    private interface Opening {
        MdnsChannel open() throws IOException;
    }

    private IOException open(Opening opening) {
        try {
            channels.add(opening.open());
            return null;
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("mDNS: %s", e.getMessage());
            return e instanceof IOException told ? told : new IOException(e.getMessage(), e);
        }
    }

    // ---- asking

    private void queryLoop() {
        byte[] query = MdnsMessages.query().encode();
        Duration pause = SHORTEST_PAUSE;
        long due = System.nanoTime();
        try {
            while (true) {
                boolean isNew = false;
                for (MdnsChannel channel : channels) {
                    isNew |= channel.joinInterfaces();
                }
                pause = isNew ? SHORTEST_PAUSE : pause;
                if (isNew || due - System.nanoTime() <= 0) {
                    channels.forEach(channel -> channel.send(query));
                    due = System.nanoTime() + pause.toNanos();
                    pause = pause.multipliedBy(4).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(4) : LONGEST_PAUSE;
                }
                await(Math.min(INTERFACE_CHECK.toNanos(), due - System.nanoTime()));
            }
        } catch (InterruptedException closed) {
            // the end
        }
    }

    private synchronized void await(long nanoseconds) throws InterruptedException {
        long end = System.nanoTime() + nanoseconds;
        while (end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
    }

    // ---- hearing

    private void receiveLoop(MdnsChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(MAXIMUM_MESSAGE);
        try {
            while (true) {
                channel.receive(buffer);
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                try {
                    heard(DnsMessage.parse(bytes));
                } catch (MalformedException e) {
                    // a neighbour's nonsense
                }
            }
        } catch (IOException e) {
            log.debug("mDNS: %s", e.getMessage());
        }
    }

    /** One message of a neighbour, or of this node itself. */
    void heard(DnsMessage message) {
        if (!answers.isPending()) {
            messages.answer(message, addresses.get()).ifPresent(answer -> answers.send(answer.encode()));
        }
        // whom it has dialled is not forgotten: else goodbyes would be a way to make it dial without end
        messages.gone(message).forEach(peer -> swarm.addressBook().replace(peer.id(), List.of(), ADDRESS_LIFE, AddressBook.Source.ROUTING));
        messages.peers(message).forEach(this::found);
    }

    // ---- peers

    private void found(KnownPeer peer) {
        if (swarm.isConnected(peer.id()) || !mayDial(peer.id())) {
            return;
        }
        if (!dials.tryAcquire()) {
            return;
        }
        loops.start("mdns dial " + peer.id(), () -> dialLoop(peer));
    }

    /** Not the same peer again within a minute, and not more than so many in a minute. */
    private synchronized boolean mayDial(PeerId peer) {
        long now = System.nanoTime();
        dialled.values().removeIf(at -> now - at > DIAL_PAUSE.toNanos());
        return !isClosed && dialled.size() < MAXIMUM_DIALS_PER_MINUTE && dialled.putIfAbsent(peer, now) == null;
    }

    private void dialLoop(KnownPeer peer) {
        try {
            swarm.addressBook().add(peer.id(), peer.addresses(), ADDRESS_LIFE, AddressBook.Source.ROUTING);
            swarm.connectAsKnown(peer.id(), PATIENCE);
            log.info("connected to %s, found in the local network", peer.id());
        } catch (IOException e) {
            log.debug("found in the local network: %s", e.getMessage());
        } finally {
            dials.release();
        }
    }

    /** Says goodbye to the neighbours; ends. */
    @Override public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        messages.goodbye(addresses.get()).ifPresent(goodbye -> channels.forEach(channel -> channel.send(goodbye.encode())));
        threads.forEach(Thread::interrupt);
        for (MdnsChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                log.debug("mDNS: %s", e.getMessage());
            }
        }
    }
}
