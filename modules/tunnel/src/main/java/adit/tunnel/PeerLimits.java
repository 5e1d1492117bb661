package adit.tunnel;

import adit.identity.PeerId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What the peers of one tunnel take of it, each within the same limits. Thread-safe; the monitor guards the shares. */
final class PeerLimits {
    private final Limits limits;
    private final Map<PeerId, Account> accounts = new HashMap<>();

    /** One peer's. What it owes outlives its streams: otherwise many short ones would go past the rate. */
    private static final class Account {
        private final RateLimit up;
        private final RateLimit down;
        private int live;

        private Account(long bytesPerSecond) {
            up = bytesPerSecond == 0 ? null : new RateLimit(bytesPerSecond, System::nanoTime);
            down = bytesPerSecond == 0 ? null : new RateLimit(bytesPerSecond, System::nanoTime);
        }

        private boolean isIdle() {
            return live == 0 && (up == null || up.isPaid() && down.isPaid());
        }
    }

    PeerLimits(Limits limits) {
        this.limits = limits;
    }

    /** One stream's part; rates are null when there is no limit of them. */
    final class Share implements AutoCloseable {
        private final Account account;

        private Share(Account account) {
            this.account = account;
        }

        RateLimit up() {
            return account.up;
        }

        RateLimit down() {
            return account.down;
        }

        @Override public void close() {
            synchronized (PeerLimits.this) {
                account.live--;
            }
        }
    }

    /** @throws IOException the peer has as many live streams as it may */
    Share enter(PeerId peer) throws IOException {
        return limits.equals(Limits.NONE) ? new Share(new Account(0)) : enterLimited(peer);
    }

    private synchronized Share enterLimited(PeerId peer) throws IOException {
        accounts.values().removeIf(Account::isIdle);
        Account account = accounts.computeIfAbsent(peer, fresh -> new Account(limits.bytesPerSecond()));
        if (limits.streams() > 0 && account.live >= limits.streams()) {
            throw new IOException("too many streams of this peer: " + limits.streams() + " are live already (--max-streams)");
        }
        account.live++;
        return new Share(account);
    }

    /** Peers that are remembered: those with live streams, and those that still owe. */
    synchronized int size() {
        accounts.values().removeIf(Account::isIdle);
        return accounts.size();
    }
}
