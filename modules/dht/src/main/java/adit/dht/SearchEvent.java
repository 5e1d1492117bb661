package adit.dht;

import adit.identity.PeerId;
import java.util.List;

/**
 * A step of a search, for whoever watches.
 *
 * @param peer who is asked or has answered
 * @param responses what it told; empty otherwise
 * @param text why it failed; "" otherwise
 */
public record SearchEvent(Kind kind, PeerId peer, List<KnownPeer> responses, String text) {
    /** What happened, in the numbers of Kubo's events. */
    public enum Kind {
        /** A request goes out. */
        SENDING_QUERY(0),
        /** An answer came. */
        PEER_RESPONSE(1),
        /** The peer cannot be reached or did not answer. */
        QUERY_ERROR(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The number in Kubo's JSON. */
        public int number() {
            return number;
        }
    }
}
