package adit.cli;

import adit.multiformats.MalformedException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, strings, numbers, booleans and null: strictly, without doubled names, nested a few levels only. */
final class JsonText {
    private static final int MAXIMUM_DEPTH = 16;

    private JsonText() {}

    /** @throws MalformedException with the place of what is wrong */
    static Object parse(String text) throws MalformedException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(MAXIMUM_DEPTH);
        try {
            Object value = read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedException("something follows behind its end");
            }
            return value;
        } catch (MalformedException ours) {
            throw ours;
        } catch (IOException | RuntimeException e) {
            throw new MalformedException("no JSON: " + firstLine(e), e);
        }
    }

    /** Gson adds a line with a link for programmers. */
    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static Object read(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> readObject(reader);
            case BEGIN_ARRAY -> {
                List<Object> list = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    list.add(read(reader));
                }
                reader.endArray();
                yield list;
            }
            case NUMBER -> readNumber(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield null;
            }
            default -> reader.nextString();
        };
    }

    private static Map<String, Object> readObject(JsonReader reader) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            String place = reader.getPath();
            if (object.containsKey(name)) {
                throw new MalformedException(place + " is there twice");
            }
            object.put(name, read(reader));
        }
        reader.endObject();
        return object;
    }

    /** Whole numbers that fit are Long; the rest stay as they were written. */
    private static Number readNumber(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return new BigDecimal(digits);
        }
    }
}
