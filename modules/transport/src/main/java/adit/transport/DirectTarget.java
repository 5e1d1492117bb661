package adit.transport;

import java.io.IOException;
import java.nio.channels.GatheringByteChannel;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Where {@link Stream#transferDirectly} leads. The two actions run on the thread that has written and must not block.
 *
 * @param channel what is written to
 * @param moved is told the bytes of each piece
 * @param failed is told why writing failed, at most once for each piece
 */
public record DirectTarget(GatheringByteChannel channel, LongConsumer moved, Consumer<IOException> failed) {
    /** On the connection's reader: writes what the stream has received, unless its own loop is at it. Blocks while the channel does. */
    void take(YamuxStream stream) {
        try {
            stream.returnCredit(stream.transferQueued(channel, moved));
        } catch (IOException e) {
            failed.accept(e);
        }
    }
}
