package adit.relay;

/** The protocols in which gateways are asked for port mappings. */
public enum MappingMeans {
    /** Port Control Protocol, RFC 6887. */
    PCP("PCP"),
    /** NAT Port Mapping Protocol, RFC 6886. */
    NAT_PMP("NAT-PMP"),
    /** UPnP Internet Gateway Device, versions 1 and 2. */
    UPNP("UPnP");

    private final String text;

    MappingMeans(String text) {
        this.text = text;
    }

    /** The name in common use. */
    @Override public String toString() {
        return text;
    }
}
