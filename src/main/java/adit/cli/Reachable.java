package adit.cli;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.relay.AutoNat;
import adit.relay.PortMapper;
import adit.relay.PortMappingSettings;
import adit.relay.Reachability;
import adit.relay.RelayClientSettings;
import adit.relay.RelayService;
import adit.relay.RelayServiceSettings;
import adit.relay.Relays;
import adit.swarm.AddressScope;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Deadlines;
import adit.transport.Direction;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How peers without a public address are reached, this one and others: wired as the config says. */
final class Reachable implements AutoCloseable {
    private static final Duration UNDECIDED = Duration.ofMinutes(1);

    private final Swarm swarm;
    private final AutoNat autoNat;
    private final PortMapper portMapper;
    private final RelayService relayService;
    private final Relays relays;
    private volatile boolean wasReached;
    private volatile boolean hadStranger;

    /** Starts at once; does not block. */
    Reachable(Config config, PrivateKey identity, Swarm swarm, Loops loops, Deadlines deadlines, Log log) throws IOException {
        this.swarm = swarm;
        RelayServiceSettings relay = config.relayService().orElse(null);
        relayService = relay == null ? null : new RelayService(swarm, identity, relay, loops, deadlines, log.named("relay"));
        if (relayService != null) {
            relayService.start();
        }
        autoNat = new AutoNat(swarm, config.autoNat(), loops, deadlines, log);
        autoNat.start();
        swarm.networkWatch().onChange(this::networkChanged);
        portMapper = new PortMapper(swarm::listenAddresses, PortMappingSettings.defaults(), loops, log.named("nat"));
        portMapper.onChange(swarm.ownAddresses().also(portMapper::externalAddresses));
        if (config.isPortMapping()) {
            portMapper.start();
        }
        relays = config.isRelayClient() ? new Relays(swarm, RelayClientSettings.defaults(), config.isHolePunching(), loops, deadlines, log) : null;
        if (relays != null) {
            Map<PeerId, List<Multiaddr>> named = new LinkedHashMap<>();
            for (PeerAddress each : config.staticRelays()) {
                named.put(each.peer(), each.addresses());
            }
            relays.reserve(named);
            swarm.networkWatch().onChange(relays::retry);
            autoNat.onChange(this::reachabilityChanged);
            swarm.onIdentified(this::identified);
            reachabilityChanged();
            deadlines.after(UNDECIDED, this::undecided);
        }
    }

    private void reachabilityChanged() {
        Reachability known = autoNat.reachability();
        if (known != Reachability.UNKNOWN) {
            relays.reachable(known == Reachability.PUBLIC && (hadStranger || autoNat.isForced()));
        }
    }

    /**
     * Who is asked to dial back comes from an address that this node has dialled, and many NATs let in whom their host has dialled, by any port. Only
     * a peer that comes from elsewhere proves that all can: until then the reservations are kept.
     */
    private void identified(PeerId peer) {
        if (!hadStranger && swarm.connections().stream().anyMatch(each -> each.remotePeer().equals(peer) && isStranger(each))) {
            hadStranger = true;
            reachabilityChanged();
        }
    }

    private boolean isStranger(Connection connection) {
        return connection.direction() == Direction.INBOUND && connection.path() == ConnectionPath.DIRECT && AddressScope.isPublic(connection.remoteAddress())
                && connection.remoteAddress().toTcp().filter(remote -> !swarm.transport().hasDialled(remote.getAddress())).isPresent();
    }

    private void networkChanged() {
        hadStranger = false;
        autoNat.recheck();
    }

    /** Nobody could tell in all that time: who is not visited wants relays. */
    private void undecided() {
        if (autoNat.reachability() == Reachability.UNKNOWN) {
            relays.reachable(isVisited());
        }
    }

    /** What other peers have found out about this node. */
    AutoNat autoNat() {
        return autoNat;
    }

    /** Whether the public network may be told to come here: as others have found out, or, before they have, as it looks from here. */
    boolean isReachable() {
        return switch (autoNat.reachability()) {
            case PUBLIC -> true;
            case PRIVATE -> false;
            case UNKNOWN -> isVisited();
        };
    }

    /** An address of this machine is public, and somebody in the public network has come in by one. */
    private boolean isVisited() {
        boolean isPublic = swarm.announcedAddresses().stream().anyMatch(address -> address.toTcp().isPresent() && AddressScope.isPublic(address));
        boolean isReached = swarm.connections().stream()
                .anyMatch(each -> each.direction() == Direction.INBOUND && each.path() == ConnectionPath.DIRECT && AddressScope.isPublic(each.remoteAddress()));
        wasReached = isPublic && (wasReached || isReached);
        return wasReached;
    }

    /** What gateways forward to this node: nothing when that is switched off. */
    PortMapper.Status portMappings() {
        return portMapper.status();
    }

    /** Relays that are used; empty when none are to be. */
    Optional<Relays> relays() {
        return Optional.ofNullable(relays);
    }

    /** The relay that this node is for others; empty when it is none. */
    Optional<RelayService> relayService() {
        return Optional.ofNullable(relayService);
    }

    @Override public void close() {
        autoNat.close();
        if (relays != null) {
            relays.close();
        }
        portMapper.close();
        if (relayService != null) {
            relayService.close();
        }
    }
}
