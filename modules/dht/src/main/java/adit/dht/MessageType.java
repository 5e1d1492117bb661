package adit.dht;

import adit.multiformats.MalformedException;

/** What a message asks for or answers (libp2p/specs kad-dht, "RPC messages"); the place in the list is the number on the wire. */
enum MessageType {
    PUT_VALUE, GET_VALUE, ADD_PROVIDER, GET_PROVIDERS, FIND_NODE, PING;

    static MessageType numbered(long number) throws MalformedException {
        if (number < 0 || number >= values().length) {
            throw new MalformedException("message type " + number + " is not known");
        }
        return values()[(int) number];
    }
}
