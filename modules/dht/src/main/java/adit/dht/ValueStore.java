package adit.dht;

import adit.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Values kept for the network, in memory alone: checked before they are stored, served until they are too old. When the room is
 * used up the one that was stored longest ago goes: strangers who fill it gain nothing but its time. Thread-safe; the monitor
 * guards all.
 */
final class ValueStore {
    /** The network's DefaultMaxRecordAge. */
    static final Duration LIFE = Duration.ofHours(48);

    private record Stored(byte[] value, Instant received) {}

    private final int maximumRecords;
    private final int maximumBytes;
    private final Supplier<Instant> clock;
    private final Map<ByteBuffer, Stored> values = new LinkedHashMap<>();
    private int bytes;

    ValueStore(int maximumRecords, int maximumBytes, Supplier<Instant> clock) {
        this.maximumRecords = maximumRecords;
        this.maximumBytes = maximumBytes;
        this.clock = clock;
    }

    /**
     * Stores a value; one that is stored already gets its whole life again.
     *
     * @throws MalformedException it is not valid, or a better one is here
     */
    void put(byte[] key, byte[] value) throws MalformedException {
        Instant now = clock.get();
        // signatures are verified outside of the monitor
        RecordRules.check(key, value, now);
        Optional<ValueRecord> present = get(key);
        boolean isSame = present.isPresent() && java.util.Arrays.equals(present.get().value(), value);
        if (present.isPresent() && !isSame && !RecordRules.isBetter(key, value, present.get().value())) {
            throw new MalformedException("a newer record is here");
        }
        store(ByteBuffer.wrap(key.clone()), new Stored(value.clone(), now));
    }

    private synchronized void store(ByteBuffer key, Stored added) {
        remove(key);
        values.put(key, added);
        bytes += size(key, added);
        Iterator<Map.Entry<ByteBuffer, Stored>> oldest = values.entrySet().iterator();
        while (values.size() > maximumRecords || bytes > maximumBytes) {
            Map.Entry<ByteBuffer, Stored> gone = oldest.next();
            bytes -= size(gone.getKey(), gone.getValue());
            oldest.remove();
        }
    }

    private void remove(ByteBuffer key) {
        Stored gone = values.remove(key);
        bytes -= gone == null ? 0 : size(key, gone);
    }

    private static int size(ByteBuffer key, Stored stored) {
        return key.capacity() + stored.value().length;
    }

    /** Empty when there is none or it is too old. Not checked again: whoever asked does that. */
    synchronized Optional<ValueRecord> get(byte[] key) {
        ByteBuffer wrapped = ByteBuffer.wrap(key);
        Stored stored = values.get(wrapped);
        if (stored == null) {
            return Optional.empty();
        }
        if (stored.received().plus(LIFE).isBefore(clock.get())) {
            remove(wrapped);
            return Optional.empty();
        }
        return Optional.of(new ValueRecord(key.clone(), stored.value().clone(), stored.received().truncatedTo(ChronoUnit.MICROS).toString()));
    }

    synchronized int size() {
        return values.size();
    }

    synchronized int bytes() {
        return bytes;
    }
}
