package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.IdentifiedPeer;
import adit.swarm.Swarm;
import adit.swarm.Upgrades;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Deadlines;
import adit.transport.Direction;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Role;
import adit.transport.Stream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes a direct connection beside a relayed one (libp2p/specs relay/DCUtR.md). B is the peer to which the relayed connection
 * was made, A the one that made it:
 *
 * <pre>
 * 1. B dials A, when A tells a public address: it may be able to be dialled (connection reversal). From another port than the hole punch, or
 *    A's NAT, where A's own dial of B may wait, would be left with half of a connection between the ports that are to be punched.
 * 2. B → A  CONNECT, B's addresses as others see them      B measures the round trip
 *    B ← A  CONNECT, A's addresses
 *    B → A  SYNC
 * 3. A dials B at once, B dials A half a round trip later: both at the same moment, each through the hole that its own dial has made.
 * 4. Three tries.
 * </pre>
 *
 * On the connection that comes of 3, A is the initiator. The monitor guards who punches and who is expected to.
 */
final class HolePunch {
    /** Protocol id. */
    static final String ID = "/libp2p/dcutr";

    /** Dials under way in one try: whoever tells addresses must not make us knock at many doors. */
    static final int MAXIMUM_DIALS = 4;

    /** How long a peer has to begin the next try after one has failed. */
    private static final Duration NEXT_TRY = Duration.ofSeconds(3);

    /** By then a connection that was probed has ended if its way is gone. */
    private static final Duration PROBED = Duration.ofSeconds(7);

    /** Between a try that could not be agreed on and the next. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String OWN_AGENT = "adit/";
    private static final String JS_AGENT = "js-libp2p/";

    private final Swarm swarm;
    private final PunchAddresses addresses;
    private final RelayClientSettings settings;
    private final Loops loops;
    private final Deadlines deadlines;
    private final Log log;
    private final Map<PeerId, Thread> punching = new HashMap<>();
    private final Map<PeerId, Deadlines.Deadline> expected = new HashMap<>();

    HolePunch(Swarm swarm, PunchAddresses addresses, RelayClientSettings settings, Loops loops, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        this.addresses = addresses;
        this.settings = settings;
        this.loops = loops;
        this.deadlines = deadlines;
        this.log = log;
    }

    private Upgrades upgrades() {
        return swarm.upgrades();
    }

    // ---- B, to which the relayed connection was made

    /** Tries to make a direct connection beside this one; returns at once. */
    void upgrade(Connection relayed) {
        PeerId peer = relayed.remotePeer();
        synchronized (this) {
            if (!punching.containsKey(peer)) {
                upgrades().begin(peer);
                punching.put(peer, loops.start("punch " + peer, () -> punchLoop(relayed)));
            }
        }
    }

    private void punchLoop(Connection relayed) {
        PeerId peer = relayed.remotePeer();
        String failure;
        try {
            failure = staysDirect(peer) || reverse(peer) ? null : punch(relayed);
        } catch (IOException e) {
            failure = e.getMessage();
        } catch (InterruptedException theOtherPeerPunches) {
            failure = null;
        }
        boolean isOwn;
        synchronized (this) {
            isOwn = punching.remove(peer, Thread.currentThread());
        }
        if (isOwn && failure == null) {
            upgrades().end(peer);
        } else if (isOwn) {
            log.debug("no direct connection to %s: %s", peer, failure);
            upgrades().fail(peer, failure);
        }
    }

    /** A peer that comes over a relay although there is a direct connection may know that to be dead: it has to show that it lives. */
    private boolean staysDirect(PeerId peer) throws InterruptedException {
        direct(peer).forEach(Connection::probe);
        upgrades().await(peer, () -> !isDirect(peer), PROBED);
        return isDirect(peer);
    }

    private boolean isDirect(PeerId peer) {
        return !direct(peer).isEmpty();
    }

    private List<Connection> direct(PeerId peer) {
        return swarm.connections().stream().filter(each -> each.remotePeer().equals(peer) && each.path() != ConnectionPath.RELAYED).toList();
    }

    /** Whether dialling it was enough. */
    private boolean reverse(PeerId peer) throws IOException, InterruptedException {
        List<Multiaddr> told = addresses.reversible(swarm.awaitIdentified(peer).listenAddresses());
        return !told.isEmpty() && dial(peer, told, address -> swarm.transport().dialFromAnyPort(address, peer), settings.reversalTimeout());
    }

    /** Null when there is a direct connection, else why there is none. */
    private String punch(Connection relayed) throws IOException, InterruptedException {
        PeerId peer = relayed.remotePeer();
        IdentifiedPeer identified = swarm.awaitIdentified(peer);
        if (!identified.protocols().contains(ID)) {
            return "the peer does not punch holes";
        }
        boolean isOurs = identified.agentVersion().startsWith(OWN_AGENT);
        for (int attempt = 1; attempt <= settings.punches(); attempt++) {
            List<Multiaddr> remote = synchronize(relayed, attempt < settings.punches());
            // peers of go-libp2p before 0.41 have the parts exchanged; it, too, goes along in its last try
            Role role = attempt == settings.punches() && !isOurs ? Role.INITIATOR : Role.RESPONDER;
            if (!remote.isEmpty()
                    && dial(peer, remote, address -> swarm.transport().punch(address, peer, role, settings.punchTimeout()), settings.punchTimeout())) {
                log.debug("hole punched to %s in try %d", peer, attempt);
                return null;
            }
        }
        return "hole punching failed " + settings.punches() + " times: the NATs between do not allow it, or the network is bad";
    }

    /** Where the remote peer is, at the moment at which it is to be dialled; none when something is missing that the next try may have. */
    private List<Multiaddr> synchronize(Connection relayed, boolean isPatient) throws IOException, InterruptedException {
        try {
            return synchronize(relayed);
        } catch (IOException e) {
            if (!isPatient || !relayed.isOpen()) {
                throw e;
            }
            // one of both may have come back to the network this moment, and not know yet by which address it is seen
            new CountDownLatch(1).await(SOON.toMillis(), TimeUnit.MILLISECONDS);
            return List.of();
        }
    }

    private List<Multiaddr> synchronize(Connection relayed) throws IOException, InterruptedException {
        List<Multiaddr> own = addresses.own(List.of());
        if (own.isEmpty()) {
            throw new IOException("no peer has told by which public address it sees this node");
        }
        Stream stream = swarm.openStream(relayed, ID);
        try (Deadlines.Deadline _ = deadlines.after(settings.messageTimeout(), stream::reset)) {
            long begun = System.nanoTime();
            new HolePunchMessage(HolePunchMessage.Type.CONNECT, own).write(stream.outputStream());
            HolePunchMessage answer = HolePunchMessage.read(HolePunchMessage.Type.CONNECT, stream.inputStream());
            long roundTrip = System.nanoTime() - begun;
            new HolePunchMessage(HolePunchMessage.Type.SYNC, List.of()).write(stream.outputStream());
            stream.close();
            List<Multiaddr> remote = addresses.acceptable(answer.addresses());
            if (remote.isEmpty()) {
                throw new IOException("the peer tells no public address of TCP by which it is seen");
            }
            new CountDownLatch(1).await(roundTrip / 2, TimeUnit.NANOSECONDS);
            return remote;
        } catch (IOException | RuntimeException e) {
            stream.reset();
            throw e;
        }
    }

    // ---- A, which made the relayed connection

    /** A relayed connection to that peer has been made, which is to punch. */
    void expect(PeerId peer) {
        upgrades().begin(peer);
        expect(peer, settings.punchExpected(), "the peer has not tried to punch a hole");
    }

    private synchronized void expect(PeerId peer, Duration patience, String otherwise) {
        expectNothing(peer);
        expected.put(peer, deadlines.after(patience, () -> unexpected(peer, otherwise)));
    }

    private synchronized void unexpected(PeerId peer, String reason) {
        if (expected.remove(peer) != null && !isDirect(peer)) {
            log.debug("no direct connection to %s: %s", peer, reason);
            upgrades().fail(peer, reason);
        }
    }

    private synchronized void expectNothing(PeerId peer) {
        Deadlines.Deadline pending = expected.remove(peer);
        if (pending != null) {
            pending.close();
        }
    }

    /** Serves /libp2p/dcutr. */
    void answer(Stream stream) throws IOException {
        Connection relayed = stream.connection();
        PeerId peer = relayed.remotePeer();
        if (relayed.path() != ConnectionPath.RELAYED || relayed.direction() != Direction.OUTBOUND || !yields(peer)) {
            stream.reset();
            return;
        }
        expectNothing(peer);
        upgrades().begin(peer);
        String failure = "hole punching failed: the NATs between do not allow it, or the network is bad";
        try {
            List<Multiaddr> remote = answered(stream);
            if (dial(peer, remote, punchAnswered(peer), settings.punchTimeout())) {
                log.debug("hole punched to %s", peer);
                return;
            }
        } catch (IOException e) {
            failure = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while punching a hole");
        }
        expect(peer, NEXT_TRY, failure);
    }

    /**
     * js-libp2p, which has sent SYNC, should now be the responder of whatever connection comes about; it is so of none that it dials, and it dials
     * from a port of the moment. So it is served as any peer that dials, while a dial of our own opens the NAT on this side.
     */
    private Dial punchAnswered(PeerId peer) {
        boolean isJs = swarm.identified(peer).filter(each -> each.agentVersion().contains(JS_AGENT)).isPresent();
        return isJs ? address -> swarm.transport().dial(address, peer)
                : address -> swarm.transport().punch(address, peer, Role.INITIATOR, settings.punchTimeout());
    }

    private List<Multiaddr> answered(Stream stream) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(settings.messageTimeout(), stream::reset)) {
            HolePunchMessage question = HolePunchMessage.read(HolePunchMessage.Type.CONNECT, stream.inputStream());
            List<Multiaddr> own = addresses.own(question.addresses());
            List<Multiaddr> remote = addresses.acceptable(question.addresses());
            if (own.isEmpty() || remote.isEmpty()) {
                stream.reset();
                throw new IOException(own.isEmpty() ? "no peer has told by which public address it sees this node"
                        : "the peer tells no public address of TCP by which it is seen");
            }
            new HolePunchMessage(HolePunchMessage.Type.CONNECT, own).write(stream.outputStream());
            HolePunchMessage.read(HolePunchMessage.Type.SYNC, stream.inputStream());
            stream.close();
            return remote;
        } catch (IOException | RuntimeException e) {
            stream.reset();
            throw e;
        }
    }

    /** Two peers that connect to each other through relays must not both punch: the smaller peer id does. */
    private synchronized boolean yields(PeerId peer) {
        Thread own = punching.get(peer);
        if (own == null) {
            return true;
        }
        if (swarm.self().compareTo(peer) < 0) {
            return false;
        }
        punching.remove(peer);
        own.interrupt();
        return true;
    }

    // ---- both

    /** One way to dial an address. */
    private interface Dial {
        Connection to(Multiaddr address) throws IOException;
    }

    /** Dials all of them at once; whether there is a direct connection then, from here or from there. */
    private boolean dial(PeerId peer, List<Multiaddr> remote, Dial dial, Duration patience) throws InterruptedException {
        List<Multiaddr> tried = remote.stream().limit(MAXIMUM_DIALS).toList();
        CountDownLatch failed = new CountDownLatch(tried.size());
        List<Thread> dials = tried.stream().map(address -> loops.start("punch " + address, () -> dialLoop(address, peer, dial, failed))).toList();
        try {
            upgrades().await(peer, () -> isDirect(peer) || failed.getCount() == 0, patience);
        } finally {
            dials.forEach(Thread::interrupt);
        }
        return isDirect(peer);
    }

    private void dialLoop(Multiaddr address, PeerId peer, Dial dial, CountDownLatch failed) {
        try {
            swarm.admit(dial.to(address));
        } catch (IOException e) {
            log.debug("dial of %s at %s beside the relay: %s", peer, address, e.getMessage());
            failed.countDown();
            upgrades().lookAgain();
        }
    }
}
