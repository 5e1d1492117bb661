package adit.cli;

import adit.identity.PeerId;
import adit.tunnel.Tunnel;

/** Which tunnels are meant; null for what does not matter. Addresses as ls shows them. */
record TunnelMatch(String protocol, String listenAddress, String targetAddress) {
    /** Whether every tunnel is meant. */
    boolean isAny() {
        return protocol == null && listenAddress == null && targetAddress == null;
    }

    boolean matches(Tunnel tunnel) {
        return matches(tunnel.protocol(), tunnel.listenAddress(), tunnel.targetAddress());
    }

    boolean matches(TunnelEntry entry, PeerId self) {
        return matches(entry.protocol(), entry.listenAddress(self), entry.targetAddress());
    }

    private boolean matches(String itsProtocol, String itsListenAddress, String itsTargetAddress) {
        return (protocol == null || protocol.equals(itsProtocol))
                && (listenAddress == null || listenAddress.equals(itsListenAddress))
                && (targetAddress == null || targetAddress.equals(itsTargetAddress));
    }
}
