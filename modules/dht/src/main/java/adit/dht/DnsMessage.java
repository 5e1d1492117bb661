package adit.dht;

import adit.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A message of the DNS (RFC 1035, section 4), as unicast look-ups and mDNS (RFC 6762) both use it.
 * <pre>
 * header      id 2, flags 2, number of questions 2, answers 2, authorities 2, additional records 2
 * question    name, type 2, class 2
 * record      name, type 2, class 2, seconds to live 4, length of data 2, data
 * name        labels (length 1, bytes) up to a label of length 0, or up to a pointer (2 bytes, the upper two bits set) to a name before it
 * </pre>
 *
 * @param id matches answer and question; 0 in mDNS
 * @param flags QR, opcode, AA, TC, RD, RA, RCODE
 * @param questions in order
 * @param answers the answer section
 * @param additional records that nobody asked for but may want; authorities are read and left out
 */
record DnsMessage(int id, int flags, List<Question> questions, List<Resource> answers, List<Resource> additional) {
    /** QR: this is a response. */
    static final int RESPONSE = 0x8000;
    /** AA: the answerer owns the names. */
    static final int AUTHORITATIVE = 0x0400;
    /** TC: something did not fit. */
    static final int TRUNCATED = 0x0200;
    /** RD: ask others where needed. */
    static final int RECURSION_DESIRED = 0x0100;

    static final int TYPE_A = 1;
    static final int TYPE_PTR = 12;
    static final int TYPE_TXT = 16;
    static final int TYPE_AAAA = 28;
    static final int TYPE_SRV = 33;
    static final int TYPE_OPT = 41;
    static final int TYPE_ANY = 255;
    static final int CLASS_IN = 1;
    /** In mDNS the upper bit of the class: of a question, answer by unicast; of a record, forget older ones. */
    static final int TOP_BIT = 0x8000;

    /** RFC 1035, section 3.1, in bytes. */
    static final int MAXIMUM_NAME = 255;
    private static final int MAXIMUM_LABEL = 63;

    /** Names may be short in the message and long when they are written out: a message must not grow a hundredfold here. */
    static final int MAXIMUM_ENTRIES = 256;

    private static final int POINTER = 0xc0;

    /** @param name labels joined by dots, without a dot at the end */
    record Question(String name, int type, int classAndBit) {
        boolean isFor(String wanted, int wantedType) {
            return type == wantedType && (classAndBit & ~TOP_BIT) == CLASS_IN && name.equalsIgnoreCase(wanted);
        }
    }

    /**
     * @param name like a question's
     * @param data as on the wire
     */
    record Resource(String name, int type, int classAndBit, long seconds, byte[] data) {
        /** The strings of a TXT record. */
        List<String> texts() throws MalformedException {
            List<String> texts = new ArrayList<>();
            ByteBuffer from = ByteBuffer.wrap(data);
            while (from.hasRemaining()) {
                texts.add(new String(take(from, from.get() & 0xff), StandardCharsets.ISO_8859_1));
            }
            return texts;
        }
    }

    // ---- reading

    /** @throws MalformedException it is no such message */
    static DnsMessage parse(byte[] message) throws MalformedException {
        ByteBuffer from = ByteBuffer.wrap(message);
        if (message.length < 12) {
            throw new MalformedException("dns: a message of " + message.length + " bytes");
        }
        int id = number(from);
        int flags = number(from);
        int[] counts = {number(from), number(from), number(from), number(from)};
        if (counts[0] + counts[1] + counts[2] + counts[3] > MAXIMUM_ENTRIES) {
            throw new MalformedException("dns: more than " + MAXIMUM_ENTRIES + " questions and records");
        }
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < counts[0]; i++) {
            questions.add(new Question(name(from), number(from), number(from)));
        }
        List<Resource> answers = resources(from, counts[1]);
        resources(from, counts[2]);
        return new DnsMessage(id, flags, List.copyOf(questions), answers, resources(from, counts[3]));
    }

    private static List<Resource> resources(ByteBuffer from, int count) throws MalformedException {
        List<Resource> resources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name(from);
            int type = number(from);
            int classAndBit = number(from);
            long seconds = (long) number(from) << 16 | number(from);
            resources.add(new Resource(name, type, classAndBit, seconds, take(from, number(from))));
        }
        return List.copyOf(resources);
    }

    private static int number(ByteBuffer from) throws MalformedException {
        if (from.remaining() < 2) {
            throw new MalformedException("dns: unexpected end");
        }
        return from.getShort() & 0xffff;
    }

    private static byte[] take(ByteBuffer from, int length) throws MalformedException {
        if (length > from.remaining()) {
            throw new MalformedException("dns: unexpected end");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /** Pointers must lead backwards, each further than the one before: so no loop can be made of them. */
    private static String name(ByteBuffer from) throws MalformedException {
        StringBuilder name = new StringBuilder();
        ByteBuffer at = from;
        int limit = from.position();
        while (true) {
            int length = at.hasRemaining() ? at.get() & 0xff : -1;
            if (length == 0) {
                return name.toString();
            } else if ((length & POINTER) == POINTER && length >= 0) {
                int target = (length & ~POINTER) << 8 | take(at, 1)[0] & 0xff;
                if (target >= limit) {
                    throw new MalformedException("dns: a name points forward");
                }
                limit = target;
                at = from.duplicate().position(target);
            } else if (length < 0 || length > MAXIMUM_LABEL || name.length() + 1 + length > MAXIMUM_NAME - 2) {
                throw new MalformedException("dns: no name");
            } else {
                String label = new String(take(at, length), StandardCharsets.ISO_8859_1);
                if (label.indexOf('.') >= 0) {
                    throw new MalformedException("dns: a label with a dot");
                }
                name.append(name.isEmpty() ? "" : ".").append(label);
            }
        }
    }

    // ---- writing

    byte[] encode() {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (int number : new int[] {id, flags, questions.size(), answers.size(), 0, additional.size()}) {
            number(to, number);
        }
        for (Question question : questions) {
            to.writeBytes(nameBytes(question.name()));
            number(to, question.type());
            number(to, question.classAndBit());
        }
        answers.forEach(resource -> write(to, resource));
        additional.forEach(resource -> write(to, resource));
        return to.toByteArray();
    }

    private static void write(ByteArrayOutputStream to, Resource resource) {
        to.writeBytes(nameBytes(resource.name()));
        number(to, resource.type());
        number(to, resource.classAndBit());
        number(to, (int) (resource.seconds() >>> 16));
        number(to, (int) resource.seconds());
        number(to, resource.data().length);
        to.writeBytes(resource.data());
    }

    private static void number(ByteArrayOutputStream to, int number) {
        to.write(number >> 8);
        to.write(number);
    }

    /** Whether it can be written: labels of 1 to 63 bytes, 255 in all. */
    static boolean isName(String name) {
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAXIMUM_LABEL || !StandardCharsets.ISO_8859_1.newEncoder().canEncode(label)) {
                return false;
            }
        }
        return name.length() <= MAXIMUM_NAME - 2;
    }

    /** A name as it stands in a record's data, not compressed. */
    static byte[] nameBytes(String name) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        if (!name.isEmpty()) {
            for (String label : name.split("\\.")) {
                byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
                to.write(bytes.length);
                to.writeBytes(bytes);
            }
        }
        to.write(0);
        return to.toByteArray();
    }

    /** The data of a TXT record; each string at most 255 bytes. */
    static byte[] textBytes(List<String> texts) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            to.write(bytes.length);
            to.writeBytes(bytes);
        }
        return to.toByteArray();
    }

    /** Whether that name lies in that domain; cases do not count. */
    static boolean isWithin(String name, String domain) {
        return name.toLowerCase(Locale.ROOT).endsWith("." + domain.toLowerCase(Locale.ROOT));
    }
}
