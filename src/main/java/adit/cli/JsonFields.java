package adit.cli;

import adit.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An object of the config with a fixed set of fields; whatever else it has is refused by name. */
final class JsonFields {
    private final Map<?, ?> fields;

    /** @param known every name it may have */
    JsonFields(Object json, List<String> known) throws MalformedException {
        if (!(json instanceof Map<?, ?> map)) {
            throw new MalformedException("must be an object, not " + Json.excerpt(json));
        }
        for (Object name : map.keySet()) {
            if (!known.contains(name)) {
                throw new MalformedException("unknown key " + name + ": " + String.join(", ", known) + " are known");
            }
        }
        fields = map;
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** One that must be there. */
    String string(String name) throws MalformedException {
        return string(name, fields.get(name));
    }

    private static String string(String name, Object value) throws MalformedException {
        if (value instanceof String text) {
            return text;
        }
        throw new MalformedException(name + (value == null ? " is missing" : " must be a string, not " + Json.excerpt(value)));
    }

    /** False when it is not there. */
    boolean flag(String name) throws MalformedException {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw new MalformedException(name + " must be true or false, not " + Json.excerpt(value));
        }
        return Boolean.TRUE.equals(value);
    }

    /** 0 when it is not there; else from 1 to the maximum. */
    long number(String name, long maximum) throws MalformedException {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Long number && number >= 1 && number <= maximum)) {
            throw new MalformedException(name + " must be a number from 1 to " + maximum + ", not " + Json.excerpt(value));
        }
        return value == null ? 0 : (Long) value;
    }

    /** Empty when it is not there. */
    List<String> strings(String name) throws MalformedException {
        Object value = fields.get(name);
        List<String> texts = new ArrayList<>();
        if (value != null && !(value instanceof List<?>)) {
            throw new MalformedException(name + " must be a list, not " + Json.excerpt(value));
        }
        for (Object text : value instanceof List<?> list ? list : List.of()) {
            texts.add(string(name, text));
        }
        return texts;
    }
}
