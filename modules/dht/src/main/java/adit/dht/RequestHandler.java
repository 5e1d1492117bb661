package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Answers requests (libp2p/specs kad-dht, "RPC messages") from the table and the stores; neither blocks nor connects. Thread-safe. */
final class RequestHandler {
    /** Longest multihash of a content, bytes, as in Kubo. */
    private static final int MAXIMUM_MULTIHASH = 80;

    private final RoutingTable table;
    private final int width;
    private final Realm realm;
    private final ValueStore values;
    private final ProviderStore providers;
    private final Function<PeerId, List<Multiaddr>> addresses;

    /**
     * @param width how many closer peers are told
     * @param addresses what is known of any peer, this one included
     */
    RequestHandler(RoutingTable table, int width, Realm realm, ValueStore values, ProviderStore providers,
            Function<PeerId, List<Multiaddr>> addresses) {
        this.table = table;
        this.width = width;
        this.realm = realm;
        this.values = values;
        this.providers = providers;
        this.addresses = addresses;
    }

    /**
     * The answer; null where the protocol has none (ADD_PROVIDER).
     *
     * @throws MalformedException the request is refused
     */
    Message answer(PeerId from, Message request) throws MalformedException {
        return switch (request.type()) {
            // what else it carries is not sent back: nobody has looked at it
            case PING -> Message.of(MessageType.PING, request.key());
            case FIND_NODE -> findNode(from, request);
            case GET_VALUE -> new Message(request.type(), keyOf(request), values.get(keyOf(request)).orElse(null), closer(from, request), List.of());
            case PUT_VALUE -> putValue(request);
            case GET_PROVIDERS -> getProviders(from, request);
            case ADD_PROVIDER -> addProvider(from, request);
        };
    }

    private static byte[] keyOf(Message request) throws MalformedException {
        if (request.key().length == 0) {
            throw new MalformedException(request.type() + " without a key");
        }
        return request.key();
    }

    /** The peer asked for comes first when anything is known of it, be it a client: this is how clients are found. */
    private Message findNode(PeerId from, Message request) throws MalformedException {
        List<KnownPeer> closer = new ArrayList<>(closer(from, request));
        PeerId wanted = peerId(keyOf(request));
        if (wanted != null && closer.stream().noneMatch(peer -> peer.id().equals(wanted))) {
            List<Multiaddr> known = realm.accepted(addresses.apply(wanted));
            if (!known.isEmpty()) {
                closer.addFirst(new KnownPeer(wanted, known));
            }
        }
        return new Message(MessageType.FIND_NODE, request.key(), null, closer, List.of());
    }

    private static PeerId peerId(byte[] key) {
        try {
            return PeerId.fromBytes(key);
        } catch (MalformedException anyOtherKey) {
            return null;
        }
    }

    private List<KnownPeer> closer(PeerId from, Message request) {
        return table.nearest(Key.of(request.key()), width + 1).stream().map(RoutingTable.Member::peer)
                .filter(peer -> !peer.id().equals(from)).limit(width).toList();
    }

    private Message putValue(Message request) throws MalformedException {
        if (request.record() == null || !Arrays.equals(keyOf(request), request.record().key())) {
            throw new MalformedException("PUT_VALUE without a record of that key");
        }
        values.put(request.key(), request.record().value());
        return new Message(MessageType.PUT_VALUE, request.key(), request.record(), List.of(), List.of());
    }

    private Message getProviders(PeerId from, Message request) throws MalformedException {
        byte[] multihash = multihash(request);
        Message answer = new Message(request.type(), multihash, null, closer(from, request), List.of());
        int room = Message.MAXIMUM_OWN_ANSWER - answer.toBytes().length;
        List<KnownPeer> found = new ArrayList<>();
        for (KnownPeer provider : providers.get(multihash)) {
            room -= Message.peerBytes(provider).length + Integer.BYTES;
            if (room < 0) {
                break;
            }
            found.add(provider);
        }
        return new Message(request.type(), multihash, null, answer.closerPeers(), found);
    }

    private static byte[] multihash(Message request) throws MalformedException {
        if (keyOf(request).length > MAXIMUM_MULTIHASH) {
            throw new MalformedException("a multihash is not as long as " + request.key().length + " bytes");
        }
        return request.key();
    }

    /** Only what the sender tells of itself is believed. */
    private Message addProvider(PeerId from, Message request) throws MalformedException {
        byte[] multihash = multihash(request);
        for (KnownPeer provider : request.providerPeers()) {
            if (provider.id().equals(from) && !provider.addresses().isEmpty()
                    && providers.add(multihash, new KnownPeer(from, realm.accepted(provider.addresses())))) {
                return null;
            }
        }
        throw new MalformedException("ADD_PROVIDER does not name its sender, or the sender provides too much");
    }
}
