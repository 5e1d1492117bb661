package adit.relay;

import java.io.IOException;

/** One protocol to ask one gateway in. Its methods block within the bounds of {@link PortMappingSettings}; interruptible. Thread-safe. */
interface MappingProtocol {
    MappingMeans means();

    /**
     * Asks for a mapping of a TCP port, or for the same once more.
     *
     * @param before what this protocol gave for the port the last time; null for nothing
     * @throws IOException the gateway does not speak the protocol, or refuses; the message says why
     */
    PortMapping map(int port, PortMapping before) throws IOException;

    /** Takes back what {@link #map} gave. */
    void unmap(PortMapping mapping) throws IOException;
}
