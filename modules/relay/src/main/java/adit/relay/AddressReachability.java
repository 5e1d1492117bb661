package adit.relay;

import adit.multiformats.Multiaddr;

/**
 * What is known of one address of this node.
 *
 * @param reached servers, each in a network of its own, that have dialled it
 * @param unreached those that could not
 */
public record AddressReachability(Multiaddr address, Reachability reachability, int reached, int unreached) {}
