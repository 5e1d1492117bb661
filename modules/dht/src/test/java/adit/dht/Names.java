package adit.dht;

import adit.identity.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys of records. */
final class Names {
    private Names() {}

    static byte[] key(String prefix, PeerId peer) {
        byte[] text = prefix.getBytes(StandardCharsets.US_ASCII);
        byte[] id = peer.toBytes();
        return ByteBuffer.allocate(text.length + id.length).put(text).put(id).array();
    }
}
