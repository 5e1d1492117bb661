package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Protocol;
import adit.swarm.AddressResolver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Resolves /dnsaddr/NAME (multiformats/multiaddr, protocols/DNSADDR.md): the TXT records of _dnsaddr.NAME are addresses,
 * "dnsaddr=/ip4/…", which may be such names themselves. Whoever controls a name can neither make us ask without end nor return
 * more than a few addresses.
 */
public final class DnsAddressResolver implements AddressResolver {
    /** Names asked for one address: the bootstrap nodes of IPFS need two. */
    static final int MAXIMUM_QUERIES = 8;
    /** How deep names may lead to names; go-libp2p's limit. */
    static final int MAXIMUM_DEPTH = 4;
    /** Addresses returned; as many as the address book keeps of a peer. */
    static final int MAXIMUM_ADDRESSES = 32;

    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final Path SYSTEM_FILE = Path.of("/etc/resolv.conf");
    private static final String LABEL = "_dnsaddr.";
    private static final String PREFIX = "dnsaddr=";

    private final DnsClient client;

    private record Step(String name, int depth) {}

    DnsAddressResolver(DnsClient client) {
        this.client = client;
    }

    /** Asks the servers that this machine is configured with. */
    public static DnsAddressResolver ofSystem() {
        return new DnsAddressResolver(DnsClient.ofSystem(SYSTEM_FILE, PATIENCE));
    }

    /** Asks that server only. */
    public static DnsAddressResolver of(InetSocketAddress server) {
        return new DnsAddressResolver(DnsClient.of(server, PATIENCE));
    }

    /**
     * Those of the addresses that are said to be the peer's, without /p2p, further /dnsaddr resolved. Blocks for some seconds at most
     * for each name.
     *
     * @param address begins with /dnsaddr
     */
    @Override public List<Multiaddr> resolve(Multiaddr address, PeerId peer) throws IOException {
        Set<Multiaddr> found = new LinkedHashSet<>();
        Set<String> asked = new HashSet<>();
        Queue<Step> steps = new ArrayDeque<>(List.of(new Step(address.components().getFirst().value(), 1)));
        IOException failure = null;
        while (!steps.isEmpty() && asked.size() < MAXIMUM_QUERIES && found.size() < MAXIMUM_ADDRESSES) {
            Step step = steps.remove();
            if (!asked.add(step.name())) {
                continue;
            }
            try {
                for (Multiaddr each : addressesOf(step.name(), peer)) {
                    if (each.components().getFirst().protocol() != Protocol.DNSADDR) {
                        found.add(each);
                    } else if (each.components().size() == 1 && step.depth() < MAXIMUM_DEPTH) {
                        steps.add(new Step(each.components().getFirst().value(), step.depth() + 1));
                    }
                }
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (found.isEmpty()) {
            throw failure != null ? failure
                    : new UnknownHostException("the DNS tells no address of this peer under " + address.components().getFirst().value());
        }
        return found.stream().limit(MAXIMUM_ADDRESSES).toList();
    }

    /**
     * The peers whose addresses a name tells, at most {@link #MAXIMUM_ADDRESSES}, at least one. Blocks for some seconds at most.
     *
     * @param name what follows /dnsaddr/
     */
    public Set<PeerId> peers(String name) throws IOException {
        Set<PeerId> peers = new LinkedHashSet<>();
        for (Multiaddr each : addressesOf(name)) {
            Multiaddr.Component last = each.components().getLast();
            if (last.protocol() == Protocol.P2P && peers.size() < MAXIMUM_ADDRESSES) {
                peers.add(PeerId.parse(last.value()));
            }
        }
        if (peers.isEmpty()) {
            throw new UnknownHostException("the DNS tells no peer under " + name);
        }
        return peers;
    }

    /** Those of the peer, without /p2p. */
    private List<Multiaddr> addressesOf(String name, PeerId peer) throws IOException {
        return addressesOf(name).stream().filter(each -> each.lastPeerId().filter(peer.toString()::equals).isPresent())
                .flatMap(each -> each.withoutTrailingPeerId().stream()).toList();
    }

    /** Records that are no addresses are left out. */
    private List<Multiaddr> addressesOf(String name) throws IOException {
        List<Multiaddr> addresses = new ArrayList<>();
        for (String text : client.texts(LABEL + name)) {
            if (text.startsWith(PREFIX)) {
                try {
                    addresses.add(Multiaddr.parse(text.substring(PREFIX.length())));
                } catch (MalformedException e) {
                    // of a kind unknown here
                }
            }
        }
        return addresses;
    }
}
