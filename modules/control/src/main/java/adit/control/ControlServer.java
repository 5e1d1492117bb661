package adit.control;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The daemon's side of the control channel: HTTP/1.1 over a unix socket, POST only, as Kubo's RPC speaks it. Only the user whose process
 * this is, root, and a group if one is given, are served: the socket's directory and mode keep others out, and the kernel's word on who
 * connected (SO_PEERCRED) is asked too.
 *
 * <p>Path of a request: acceptLoop → requestLoop of its connection → RequestParser → ControlHandler with an Exchange → answer.
 * A handler that streams, or that wants to know when its client goes away, gets a watchLoop beside it.
 *
 * <p>The lock guards the sets of connections. Those that are refused are few too, and short; beyond that they are closed without a word.
 * Upgraded connections leave the set: they are neither counted nor closed here.
 */
public final class ControlServer implements AutoCloseable {
    /** On close, answers under way have this long; together with the joins behind it close stays under a second. */
    private static final Duration GRACE = Duration.ofMillis(700);
    private static final Duration CLOSE_TIME = Duration.ofMillis(950);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** Pause of the accept loop when the process is out of file descriptors and none of ours is freed. */
    private static final long ACCEPT_RETRY_MILLIS = 1000;

    private final Path socket;
    private final ControlHandler handler;
    private final ControlSettings settings;
    private final GroupAccess group;
    private final Consumer<String> warnings;
    private final Deadlines deadlines = new Deadlines();
    private final Turns ownersBodies;
    private final Turns guestsBodies;
    private final Turns scraps;
    private final Set<ControlConnection> served = new HashSet<>();
    private final Set<ControlConnection> refused = new HashSet<>();
    private ServerSocketChannel listener;
    private SocketFile file;
    private UserPrincipal root;
    private boolean isClosed;

    /**
     * @param socket where the socket is to be, in a directory of mode 0700
     * @param group who else is served, null for nobody
     * @param warnings takes what the operator should know, one line each; called from any thread
     */
    public ControlServer(Path socket, ControlHandler handler, ControlSettings settings, GroupAccess group, Consumer<String> warnings) {
        this.socket = socket;
        this.handler = handler;
        this.settings = settings;
        this.group = group;
        this.warnings = warnings;
        ownersBodies = new Turns(settings.pause(), deadlines);
        guestsBodies = new Turns(settings.pause(), deadlines);
        scraps = new Turns(settings.pause(), deadlines);
    }

    /**
     * Binds the socket and begins to serve; returns at once.
     *
     * @throws IOException with the next step in its message: path too long, directory open to others, something else at the path, another
     *        daemon
     */
    public synchronized void start() throws IOException {
        if (isClosed || listener != null) {
            throw new IllegalStateException("a control server starts once");
        }
        ServerSocketChannel opened = SocketFile.open();
        try {
            file = SocketFile.bind(opened, socket, group);
            root = socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0");
            listener = opened;
        } finally {
            if (listener == null) {
                opened.close();
            }
        }
        Thread.ofVirtual().name("control accept").start(() -> acceptLoop(opened));
    }

    ControlHandler handler() {
        return handler;
    }

    ControlSettings settings() {
        return settings;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /** When to read a large body; no member of the group can keep the owner from it. */
    Turns bodies(Role role) {
        return role == Role.ADMIN ? ownersBodies : guestsBodies;
    }

    /** When to read what a refused client sends on. */
    Turns scraps() {
        return scraps;
    }

    void warn(String line) {
        warnings.accept(line);
    }

    private void acceptLoop(ServerSocketChannel listening) {
        Set<String> warned = new HashSet<>();
        Turns pace = new Turns(Duration.ofSeconds(1).dividedBy(settings.connectionsPerSecond()), deadlines);
        for (;;) {
            try (Turns.Turn turn = pace.next()) {
                turn.await(LONGEST_PAUSE);
                serve(listening.accept(), warned);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException failure) {
                warn("control: cannot accept a connection: " + failure.getMessage());
                awaitFreedConnection();
            }
        }
    }

    private void serve(SocketChannel channel, Set<String> warned) throws IOException {
        ControlConnection connection = null;
        try {
            if (isOverrun()) {
                return;
            }
            UnixDomainPrincipal caller = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
            UserPrincipal user = caller.user();
            Role role = roleOf(caller);
            HttpException refusal = role != null ? null : forbidden(user);
            if (refusal != null && warned.add(user.getName())) {
                warn("control: " + refusal.getMessage());
            }
            connection = admit(channel, user.getName(), role, refusal);
        } finally {
            if (connection == null) {
                channel.close();
            }
        }
    }

    /** Whether nobody can be told anything, whoever it is; to ask who, and for the name, is what a connection costs most. */
    private synchronized boolean isOverrun() {
        return served.size() >= settings.maximumConnections() && refused.size() >= settings.maximumConnections();
    }

    /** Starts the connection, if only to say why it is refused; null when there are too many even of those. */
    private synchronized ControlConnection admit(SocketChannel channel, String user, Role role, HttpException refusal) {
        HttpException reason = refusal == null && isFull(role) ? busy(role) : refusal;
        Set<ControlConnection> kind = reason == null ? served : refused;
        if (isClosed || kind.size() >= settings.maximumConnections()) {
            return null;
        }
        var connection = new ControlConnection(this, channel, user, role, reason);
        kind.add(connection);
        connection.thread().start();
        return connection;
    }

    /** Half of the places are the owner's: no member of the group can lock it out. */
    private boolean isFull(Role role) {
        long guests = served.stream().filter(connection -> connection.role() != Role.ADMIN).count();
        return served.size() >= settings.maximumConnections() || role != Role.ADMIN && guests >= settings.maximumConnections() / 2;
    }

    private HttpException busy(Role role) {
        return new HttpException(503, "the daemon serves " + (role == Role.ADMIN ? settings.maximumConnections() + " control connections"
                : settings.maximumConnections() / 2 + " control connections of the group") + " already: end a foreground command");
    }

    private HttpException forbidden(UserPrincipal user) {
        return new HttpException(403, "user " + user.getName() + " may not control this daemon: only " + file.owner().getName()
                + (group == null ? " and root may" : ", root and the group " + group.group() + " may"));
    }

    /** Null for somebody who is not served. */
    private Role roleOf(UnixDomainPrincipal caller) throws IOException {
        if (isAllowed(caller.user(), file.owner(), root)) {
            return Role.ADMIN;
        }
        return group != null && group.includes(caller) ? group.role() : null;
    }

    static boolean isAllowed(UserPrincipal user, UserPrincipal owner, UserPrincipal root) {
        return user.equals(owner) || user.equals(root);
    }

    private synchronized void awaitFreedConnection() {
        try {
            if (!isClosed) {
                wait(ACCEPT_RETRY_MILLIS);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void forget(ControlConnection connection) {
        served.remove(connection);
        refused.remove(connection);
        notifyAll();
    }

    /**
     * Ends within a second, foreground clients or not: no new connections, the socket file is removed, streamed answers end with their
     * last chunk (their handlers are interrupted and their disconnect actions run), other answers under way have {@code GRACE} to be
     * written, then every connection is closed. Upgraded connections live on. May be called from a handler. Idempotent.
     */
    @Override
    public void close() {
        Set<ControlConnection> open = new HashSet<>();
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            open.addAll(served);
            open.addAll(refused);
            notifyAll();
        }
        long start = System.nanoTime();
        closeListener();
        // frees a write to a client that does not read, whoever waits for it
        deadlines.after(GRACE, () -> open.forEach(ControlConnection::cut));
        open.forEach(ControlConnection::stop);
        join(open, start + GRACE.toNanos());
        open.forEach(ControlConnection::abort);
        join(open, start + CLOSE_TIME.toNanos());
        deadlines.close();
    }

    private static void join(Set<ControlConnection> connections, long end) {
        try {
            for (ControlConnection connection : connections) {
                if (connection.thread() != Thread.currentThread()) {
                    TimeUnit.NANOSECONDS.timedJoin(connection.thread(), end - System.nanoTime());
                }
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeListener() {
        if (listener == null) {
            return;
        }
        try {
            listener.close();
        } catch (IOException failure) {
            warn("control: cannot close " + socket + ": " + failure.getMessage());
        }
        try {
            file.remove();
        } catch (IOException failure) {
            warn("control: cannot remove " + socket + ": " + failure.getMessage());
        }
    }
}
