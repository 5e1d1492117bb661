package adit.relay;

import adit.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A service of an Internet Gateway Device that maps ports (WANIPConnection or WANPPPConnection, version 1 or 2).
 *
 * @param type its full name
 * @param control where its actions are called
 */
record UpnpService(String type, DeviceUrl control) {
    private static final Pattern TYPE = Pattern.compile("urn:schemas-upnp-org:service:WAN(IP|PPP)Connection:[12]");
    /** Gateways with several connections to the internet name each. */
    private static final int MAXIMUM_SERVICES = 8;

    /**
     * Those of a device description (UPnP Device Architecture 1.1, section 2.3), in its order.
     *
     * @param location where the description was
     * @throws MalformedException there are none on this gateway
     */
    static List<UpnpService> of(XmlElement description, DeviceUrl location) throws MalformedException {
        String base = description.textOf("URLBase").orElse("");
        DeviceUrl from = base.isEmpty() ? location : location.resolve(base);
        List<UpnpService> found = new ArrayList<>();
        for (XmlElement service : description.named("service")) {
            String type = service.textOf("serviceType").orElse("");
            if (TYPE.matcher(type).matches() && found.size() < MAXIMUM_SERVICES) {
                found.add(new UpnpService(type, from.resolve(service.textOf("controlURL").orElse(""))));
            }
        }
        if (found.isEmpty()) {
            throw new MalformedException("the device is no gateway that maps ports");
        }
        return found;
    }

    /** Whether it picks a free port itself: WANIPConnection:2 alone. */
    boolean hasAddAny() {
        return type.endsWith("WANIPConnection:2");
    }
}
