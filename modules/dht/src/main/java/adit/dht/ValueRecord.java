package adit.dht;

/**
 * A value as it is stored and sent (the specification's Record).
 *
 * @param timeReceived RFC 3339, set by whoever serves it; "" when not told
 */
record ValueRecord(byte[] key, byte[] value, String timeReceived) {}
