package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.util.List;

/**
 * A peer as the user names it.
 *
 * @param addresses where it was said to be, without /p2p; empty when only the id was given
 */
record PeerAddress(PeerId peer, List<Multiaddr> addresses) {
    /** Takes /…/p2p/ID, /p2p/ID and the bare id. */
    static PeerAddress parse(String text) throws MalformedException, CommandException {
        if (!text.startsWith("/")) {
            return new PeerAddress(PeerId.parse(text), List.of());
        }
        Multiaddr address = Multiaddr.parse(text);
        Multiaddr.Component last = address.components().getLast();
        if (last.protocol() != Multiaddr.Protocol.P2P) {
            throw new CommandException("address " + text + " has no peer id: whoever answers there could pretend to be anyone",
                    "add the id of the peer you mean: " + text + "/p2p/12D3Koo…");
        }
        return new PeerAddress(PeerId.parse(last.value()), address.withoutTrailingPeerId().map(List::of).orElse(List.of()));
    }
}
