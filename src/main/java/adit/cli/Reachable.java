package adit.cli;

import adit.relay.PortMapper;
import adit.relay.PortMappingSettings;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;

/** How peers without a public address are reached, this one and others: wired as the config says. */
final class Reachable implements AutoCloseable {
    private final PortMapper portMapper;

    /** Starts at once; does not block. */
    Reachable(Config config, Swarm swarm, Loops loops, Deadlines deadlines, Log log) throws IOException {
        portMapper = new PortMapper(swarm::listenAddresses, PortMappingSettings.defaults(), loops, log.named("nat"));
        portMapper.onChange(swarm.announceAlso(portMapper::externalAddresses));
        if (config.isPortMapping()) {
            portMapper.start();
        }
    }

    /** What gateways forward to this node: nothing when that is switched off. */
    PortMapper.Status portMappings() {
        return portMapper.status();
    }

    @Override public void close() {
        portMapper.close();
    }
}
