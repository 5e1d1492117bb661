package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Protocol;
import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is asked and answered in the local network (libp2p/specs discovery/mdns.md). The answer to "_p2p._udp.local PTR" is
 * <pre>
 * answer      _p2p._udp.local       PTR  NAME._p2p._udp.local     NAME is random: it tells nothing of the peer
 * additional  NAME._p2p._udp.local  SRV  0 0 4001 NAME.local      wanted by DNS-SD, not looked at by libp2p
 *             NAME._p2p._udp.local  TXT  dnsaddr=/ip4/192.168.1.7/tcp/4001/p2p/ID …
 *             NAME.local            A, AAAA
 * </pre>
 * All addresses stand in one TXT record: go-libp2p reads no more than one.
 */
final class MdnsMessages {
    static final String SERVICE = "_p2p._udp.local";
    /** What network administrators ask: which services are there (RFC 6763, section 9). */
    static final String SERVICES = "_services._dns-sd._udp.local";

    /** Peers read of one message; a message of libp2p tells of one. */
    static final int MAXIMUM_PEERS = 4;
    /** Addresses read of one peer. */
    static final int MAXIMUM_ADDRESSES = 16;

    /** Seconds that others may remember what is told here. */
    private static final long LIFE_SECONDS = 120;
    /** The spec's; nobody reads it. */
    private static final int PORT = 4001;
    private static final String PREFIX = "dnsaddr=";
    private static final int MAXIMUM_STRING = 255;
    /** Bytes of addresses: the whole answer must fit one Ethernet frame (RFC 6762, section 17). */
    private static final int ROOM = 900;

    private final PeerId self;
    private final String instance;
    private final String host;

    /** @param name random, 32 to 63 letters and digits */
    MdnsMessages(PeerId self, String name) {
        this.self = self;
        instance = name + "." + SERVICE;
        host = name + ".local";
    }

    static DnsMessage query() {
        return new DnsMessage(0, 0, List.of(new DnsMessage.Question(SERVICE, DnsMessage.TYPE_PTR, DnsMessage.CLASS_IN)), List.of(), List.of());
    }

    /** What to say to that message; empty when it does not concern this peer, or there is no address to tell. */
    Optional<DnsMessage> answer(DnsMessage query, List<Multiaddr> addresses) {
        if ((query.flags() & DnsMessage.RESPONSE) != 0) {
            return Optional.empty();
        }
        List<DnsMessage.Resource> answers = new ArrayList<>();
        for (DnsMessage.Question question : query.questions()) {
            boolean isPointer = question.type() == DnsMessage.TYPE_PTR || question.type() == DnsMessage.TYPE_ANY;
            if (answers.isEmpty() && isPointer && question.isFor(SERVICE, question.type())) {
                answers.add(resource(SERVICE, DnsMessage.TYPE_PTR, DnsMessage.nameBytes(instance)));
            } else if (answers.isEmpty() && isPointer && question.isFor(SERVICES, question.type())) {
                answers.add(resource(SERVICES, DnsMessage.TYPE_PTR, DnsMessage.nameBytes(SERVICE)));
            }
        }
        List<Multiaddr> near = addresses.stream().filter(MdnsMessages::isNear).toList();
        if (answers.isEmpty() || near.isEmpty()) {
            return Optional.empty();
        }
        int flags = DnsMessage.RESPONSE | DnsMessage.AUTHORITATIVE;
        return Optional.of(new DnsMessage(0, flags, List.of(), answers, details(near)));
    }

    /** What is said at the end (RFC 6762, section 10.1): the same, to be forgotten; empty when there is no address that was told. */
    Optional<DnsMessage> goodbye(List<Multiaddr> addresses) {
        return answer(query(), addresses).map(told ->
                new DnsMessage(told.id(), told.flags(), List.of(), ended(told.answers()), ended(told.additional())));
    }

    private static List<DnsMessage.Resource> ended(List<DnsMessage.Resource> records) {
        return records.stream().map(each -> new DnsMessage.Resource(each.name(), each.type(), each.classAndBit(), 0, each.data())).toList();
    }

    private List<DnsMessage.Resource> details(List<Multiaddr> near) {
        ByteArrayOutputStream service = new ByteArrayOutputStream();
        service.writeBytes(new byte[] {0, 0, 0, 0, PORT >> 8, (byte) PORT});
        service.writeBytes(DnsMessage.nameBytes(host));
        List<DnsMessage.Resource> details = new ArrayList<>();
        details.add(resource(instance, DnsMessage.TYPE_SRV, service.toByteArray()));
        details.add(resource(instance, DnsMessage.TYPE_TXT, DnsMessage.textBytes(texts(near))));
        near.stream().map(MdnsMessages::ip).filter(ip -> !(ip instanceof Inet6Address)).findFirst()
                .ifPresent(ip -> details.add(resource(host, DnsMessage.TYPE_A, ip.getAddress())));
        near.stream().map(MdnsMessages::ip).filter(Inet6Address.class::isInstance).findFirst()
                .ifPresent(ip -> details.add(resource(host, DnsMessage.TYPE_AAAA, ip.getAddress())));
        return details;
    }

    private List<String> texts(List<Multiaddr> near) {
        List<String> texts = new ArrayList<>();
        int room = ROOM;
        for (Multiaddr address : near) {
            String text = PREFIX + address + "/p2p/" + self;
            room -= text.length() + 1;
            if (text.length() <= MAXIMUM_STRING && room >= 0) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static DnsMessage.Resource resource(String name, int type, byte[] data) {
        return new DnsMessage.Resource(name, type, DnsMessage.CLASS_IN, LIFE_SECONDS, data);
    }

    private static InetAddress ip(Multiaddr address) {
        return address.toTcp().map(InetSocketAddress::getAddress).orElseThrow();
    }

    /**
     * The peers that an answer tells of, this one left out. What anyone in the network says must not make us knock at our own
     * ports, nor ask a name server: so TCP over IP only, without loopback and without zones, which are the sender's own.
     */
    List<KnownPeer> peers(DnsMessage answer) {
        return told(answer, false);
    }

    /** The peers that an answer says have gone, with addresses that they had. */
    List<KnownPeer> gone(DnsMessage answer) {
        return told(answer, true);
    }

    private List<KnownPeer> told(DnsMessage answer, boolean areGone) {
        Map<PeerId, Set<Multiaddr>> found = new LinkedHashMap<>();
        if ((answer.flags() & DnsMessage.RESPONSE) != 0) {
            Stream.concat(answer.answers().stream(), answer.additional().stream()).filter(each -> each.seconds() == 0 == areGone)
                    .forEach(each -> read(each, found));
        }
        found.remove(self);
        return found.entrySet().stream().map(peer -> new KnownPeer(peer.getKey(), List.copyOf(peer.getValue()))).toList();
    }

    private static void read(DnsMessage.Resource resource, Map<PeerId, Set<Multiaddr>> found) {
        boolean isText = resource.type() == DnsMessage.TYPE_TXT && (resource.classAndBit() & ~DnsMessage.TOP_BIT) == DnsMessage.CLASS_IN;
        if (!isText || !DnsMessage.isWithin(resource.name(), SERVICE)) {
            return;
        }
        try {
            for (String text : resource.texts()) {
                if (text.startsWith(PREFIX)) {
                    readAddress(text.substring(PREFIX.length()), found);
                }
            }
        } catch (MalformedException e) {
            // the strings read so far count
        }
    }

    private static void readAddress(String text, Map<PeerId, Set<Multiaddr>> found) {
        try {
            Multiaddr address = Multiaddr.parse(text);
            Optional<Multiaddr> bare = address.withoutTrailingPeerId();
            if (address.lastPeerId().isEmpty() || bare.isEmpty() || !isNear(bare.get())) {
                return;
            }
            PeerId peer = PeerId.parse(address.lastPeerId().get());
            if (found.containsKey(peer) || found.size() < MAXIMUM_PEERS) {
                Set<Multiaddr> addresses = found.computeIfAbsent(peer, p -> new LinkedHashSet<>());
                if (addresses.size() < MAXIMUM_ADDRESSES) {
                    addresses.add(bare.get());
                }
            }
        } catch (MalformedException e) {
            // of a kind unknown here
        }
    }

    /** An address that a neighbour can use. */
    private static boolean isNear(Multiaddr address) {
        return !address.has(Protocol.IP6ZONE) && address.components().getLast().protocol() == Protocol.TCP
                && address.toTcp().map(InetSocketAddress::getAddress).filter(ip -> !ip.isLoopbackAddress() && !ip.isAnyLocalAddress()
                        && !ip.isMulticastAddress() && !(ip instanceof Inet6Address && ip.isLinkLocalAddress())).isPresent();
    }
}
