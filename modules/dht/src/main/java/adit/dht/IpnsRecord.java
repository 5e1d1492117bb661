package adit.dht;

import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * A signed pointer, as much of it as its verification needs (ipfs/specs ipns-record, "Record Verification"). A protobuf:
 *
 * <pre>
 * 1 value  2 signatureV1  3 validityType  4 validity  5 sequence  6 ttl     legacy copies
 * 7 pubKey                                            where the name does not contain it
 * 8 signatureV2                                       over "ipns-signature:" and data
 * 9 data                                              DAG-CBOR {Value, Validity, ValidityType, Sequence, TTL, …}
 * </pre>
 *
 * @param expires end of its life
 * @param sequence the greater is the newer
 */
record IpnsRecord(Instant expires, long sequence) {
    /** Longest record, bytes. */
    static final int MAXIMUM_LENGTH = 10 * 1024;

    private static final byte[] PREFIX = "ipns-signature:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = new byte[0];

    private record Fields(byte[] value, byte[] validity, long validityType, long sequence, long ttl) {
        static final Fields EMPTY = new Fields(NONE, NONE, 0, 0, 0);

        boolean agrees(Fields other) {
            return Arrays.equals(value, other.value) && Arrays.equals(validity, other.validity) && validityType == other.validityType
                    && sequence == other.sequence && ttl == other.ttl;
        }
    }

    private record Entry(Fields legacy, byte[] legacySignature, byte[] publicKey, byte[] signature, byte[] data) {}

    /**
     * Reads and verifies a record; its end of life is not looked at.
     *
     * @throws MalformedException it is not a record that the name's owner has signed
     */
    static IpnsRecord verified(PeerId name, byte[] bytes) throws MalformedException {
        if (bytes.length > MAXIMUM_LENGTH) {
            throw new MalformedException("record of " + bytes.length + " bytes is over the limit of " + MAXIMUM_LENGTH);
        }
        Entry entry = parse(bytes);
        if (entry.signature().length == 0 || entry.data().length == 0) {
            throw new MalformedException("the record has no signature of version 2");
        }
        byte[] signed = Arrays.copyOf(PREFIX, PREFIX.length + entry.data().length);
        System.arraycopy(entry.data(), 0, signed, PREFIX.length, entry.data().length);
        if (!key(name, entry).verify(signed, entry.signature())) {
            throw new MalformedException("the record's signature is wrong");
        }
        Fields fields = data(entry.data());
        boolean hasLegacy = entry.legacySignature().length > 0 || entry.legacy().value().length > 0;
        if (hasLegacy && !fields.agrees(entry.legacy())) {
            throw new MalformedException("the record's legacy fields are not those that are signed");
        }
        if (fields.validityType() != 0) {
            throw new MalformedException("validity type " + fields.validityType() + " is not known");
        }
        return new IpnsRecord(time(fields.validity()), fields.sequence());
    }

    private static PublicKey key(PeerId name, Entry entry) throws MalformedException {
        if (entry.publicKey().length == 0) {
            return name.publicKey().orElseThrow(() -> new MalformedException("the record does not contain its key"));
        }
        PublicKey key = PublicKey.fromProtobuf(entry.publicKey());
        if (!PeerId.of(key).equals(name)) {
            throw new MalformedException("the record's key is another name's");
        }
        return key;
    }

    private static Entry parse(byte[] bytes) throws MalformedException {
        byte[] value = NONE;
        byte[] legacySignature = NONE;
        long validityType = 0;
        byte[] validity = NONE;
        long sequence = 0;
        long ttl = 0;
        byte[] publicKey = NONE;
        byte[] signature = NONE;
        byte[] data = NONE;
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> value = reader.readBytes();
                case 2 -> legacySignature = reader.readBytes();
                case 3 -> validityType = reader.readVarint();
                case 4 -> validity = reader.readBytes();
                case 5 -> sequence = reader.readVarint();
                case 6 -> ttl = reader.readVarint();
                case 7 -> publicKey = reader.readBytes();
                case 8 -> signature = reader.readBytes();
                case 9 -> data = reader.readBytes();
                default -> { }
            }
        }
        return new Entry(new Fields(value, validity, validityType, sequence, ttl), legacySignature, publicKey, signature, data);
    }

    private static Fields data(byte[] bytes) throws MalformedException {
        CborReader reader = new CborReader(bytes);
        Fields fields = Fields.EMPTY;
        long pairs = reader.readMap();
        for (long i = 0; i < pairs; i++) {
            switch (reader.readText()) {
                case "Value" -> fields = new Fields(reader.readBytes(), fields.validity, fields.validityType, fields.sequence, fields.ttl);
                case "Validity" -> fields = new Fields(fields.value, reader.readBytes(), fields.validityType, fields.sequence, fields.ttl);
                case "ValidityType" -> fields = new Fields(fields.value, fields.validity, reader.readUnsigned(), fields.sequence, fields.ttl);
                case "Sequence" -> fields = new Fields(fields.value, fields.validity, fields.validityType, reader.readUnsigned(), fields.ttl);
                case "TTL" -> fields = new Fields(fields.value, fields.validity, fields.validityType, fields.sequence, reader.readUnsigned());
                default -> reader.skip();
            }
        }
        reader.end();
        return fields;
    }

    private static Instant time(byte[] validity) throws MalformedException {
        String text = new String(validity, StandardCharsets.US_ASCII);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new MalformedException("the record's end of life is no time: " + text, e);
        }
    }
}
