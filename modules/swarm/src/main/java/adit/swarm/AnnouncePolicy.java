package adit.swarm;

import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Component;
import adit.multiformats.Multiaddr.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What its user says about the addresses that others are told, as in Kubo's config.
 *
 * @param instead told in the place of all that would be told otherwise; empty: those are told
 * @param also told beside them
 * @param never addresses, or /ip4|ip6/NETWORK/ipcidr/BITS for all that begin with an address of that network: not told, the
 *        ones named above included
 */
public record AnnouncePolicy(List<Multiaddr> instead, List<Multiaddr> also, List<Multiaddr> never) {
    /** Tells what there is. */
    public static final AnnouncePolicy NONE = new AnnouncePolicy(List.of(), List.of(), List.of());

    /** Keeps copies of the lists. */
    public AnnouncePolicy {
        instead = List.copyOf(instead);
        also = List.copyOf(also);
        never = List.copyOf(never);
    }

    /** What is told when these are there to be told. */
    List<Multiaddr> applied(List<Multiaddr> present) {
        Set<Multiaddr> told = new LinkedHashSet<>(instead.isEmpty() ? present : instead);
        told.addAll(also);
        List<Multiaddr> allowed = new ArrayList<>(told);
        allowed.removeIf(address -> never.stream().anyMatch(rule -> forbids(rule, address)));
        return List.copyOf(allowed);
    }

    private static boolean forbids(Multiaddr rule, Multiaddr address) {
        if (!isNetwork(rule)) {
            return rule.equals(address);
        }
        IpNetwork network = IpNetwork.of(rule.components().getFirst().value(), Integer.parseInt(rule.components().getLast().value()));
        return AddressScope.ip(address).filter(network::contains).isPresent();
    }

    /** Whether it is /ip4|ip6/NETWORK/ipcidr/BITS. */
    public static boolean isNetwork(Multiaddr rule) {
        List<Component> parts = rule.components();
        return parts.size() == 2 && parts.get(1).protocol() == Protocol.IPCIDR
                && (parts.get(0).protocol() == Protocol.IP4 || parts.get(0).protocol() == Protocol.IP6);
    }
}
