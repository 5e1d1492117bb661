package adit.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** One key of the specification and what go-libp2p makes of it: the blocks of keys.txt. */
record TestKey(Map<String, String> fields) {
    /** What the signatures in the file sign. */
    static final byte[] MESSAGE = "a message to sign".getBytes(StandardCharsets.UTF_8);

    /** All of them, one of each type; fails when any is missing. */
    static List<TestKey> all() throws IOException {
        List<TestKey> keys = new ArrayList<>();
        try (InputStream in = TestKey.class.getResourceAsStream("keys.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
                String[] field = line.split(" ", -1);
                if (field[0].equals("type")) {
                    keys.add(new TestKey(new HashMap<>()));
                }
                keys.getLast().fields().put(field[0], field[1]);
            }
        }
        if (keys.size() != KeyType.values().length) {
            throw new IOException("a key of each type is missing in keys.txt: there are " + keys.size());
        }
        return keys;
    }

    static TestKey of(KeyType type) throws IOException {
        return all().stream().filter(key -> key.type() == type).findFirst().orElseThrow();
    }

    KeyType type() {
        return KeyType.valueOf(fields.get("type"));
    }

    String text(String name) {
        return fields.get(name);
    }

    byte[] bytes(String name) {
        return HexFormat.of().parseHex(fields.get(name));
    }

    @Override public String toString() {
        return type().toString();
    }
}
