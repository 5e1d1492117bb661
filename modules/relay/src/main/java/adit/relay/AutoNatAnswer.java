package adit.relay;

import adit.multiformats.Multiaddr;

/**
 * What a server has found out.
 *
 * @param address that it dialled; null when it dialled none, or does not tell
 * @param reachability UNKNOWN: it would not dial
 * @param words for a person; what follows "12D3Koo… "
 */
record AutoNatAnswer(Multiaddr address, Reachability reachability, String words) {}
