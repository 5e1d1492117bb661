package adit.cli;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.relay.PortMapper;
import adit.relay.PortMappingSettings;
import adit.relay.RelayClientSettings;
import adit.relay.RelayService;
import adit.relay.RelayServiceSettings;
import adit.relay.Relays;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How peers without a public address are reached, this one and others: wired as the config says. */
final class Reachable implements AutoCloseable {
    private final PortMapper portMapper;
    private final RelayService relayService;
    private final Relays relays;

    /** Starts at once; does not block. */
    Reachable(Config config, PrivateKey identity, Swarm swarm, Loops loops, Deadlines deadlines, Log log) throws IOException {
        RelayServiceSettings relay = config.relayService().orElse(null);
        relayService = relay == null ? null : new RelayService(swarm, identity, relay, loops, deadlines, log.named("relay"));
        if (relayService != null) {
            relayService.start();
        }
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
        }
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
        if (relays != null) {
            relays.close();
        }
        portMapper.close();
        if (relayService != null) {
            relayService.close();
        }
    }
}
