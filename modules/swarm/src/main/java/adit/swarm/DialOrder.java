package adit.swarm;

import adit.multiformats.Multiaddr;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When each address of a peer is dialled. Private and public addresses run side by side, since nobody can tell which will
 * answer; within each kind as RFC 8305 (happy eyeballs) has it: the best IPv6 address, a pause later the best IPv4 address, a pause later
 * the rest. Low ports come first, they are more likely the listening ones. Relays come last, one after the other.
 */
final class DialOrder {
    /** An address and the time from the dial's start to its turn. */
    record Turn(Multiaddr address, Duration delay) {}

    private static final int PRIVATE_FASTER = 8;
    private static final int DIRECT_ALONE = 2;

    private DialOrder() {}

    /** @param all of TCP over IP, or circuits; others are left out */
    static List<Turn> of(List<Multiaddr> all, Duration stagger) {
        List<Multiaddr> circuits = all.stream().filter(Dialer::isCircuit).toList();
        List<Multiaddr> addresses = all.stream().filter(address -> address.toTcp().isPresent()).toList();
        List<Multiaddr> near = addresses.stream().filter(address -> scope(address) != AddressScope.PUBLIC).toList();
        List<Multiaddr> far = addresses.stream().filter(address -> scope(address) == AddressScope.PUBLIC).toList();
        List<Turn> turns = new ArrayList<>(turns(near, stagger.dividedBy(PRIVATE_FASTER)));
        turns.addAll(turns(far, stagger));
        int before = turns.isEmpty() ? 0 : DIRECT_ALONE;
        for (int i = 0; i < circuits.size(); i++) {
            turns.add(new Turn(circuits.get(i), stagger.multipliedBy(before + i)));
        }
        turns.sort(Comparator.comparing(Turn::delay));
        return turns;
    }

    private static AddressScope scope(Multiaddr address) {
        return AddressScope.of(address).orElse(null);
    }

    private static List<Turn> turns(List<Multiaddr> group, Duration stagger) {
        List<Multiaddr> ranked = new ArrayList<>(group.stream().sorted(Comparator.comparing(DialOrder::scope).thenComparing(address -> !isVersion6(address))
                        .thenComparing(DialOrder::port)).toList());
        for (int i = 1; i < ranked.size(); i++) {
            if (isVersion6(ranked.get(i)) != isVersion6(ranked.getFirst())) {
                ranked.add(1, ranked.remove(i));
                break;
            }
        }
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            turns.add(new Turn(ranked.get(i), stagger.multipliedBy(Math.min(i, 2))));
        }
        return turns;
    }

    private static boolean isVersion6(Multiaddr address) {
        return address.toTcp().map(InetSocketAddress::getAddress).orElse(null) instanceof Inet6Address;
    }

    private static int port(Multiaddr address) {
        return address.toTcp().map(InetSocketAddress::getPort).orElse(0);
    }
}
