package adit.cli;

import adit.multiformats.MalformedException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, strings, numbers, booleans and null: strictly, without doubled names, nested a few levels only. */
final class JsonText {
    private static final int MAXIMUM_DEPTH = 16;
    /** Thousands of tunnels; a small object in memory is many times its text. */
    private static final int MAXIMUM_VALUES = 50_000;

    private final JsonReader reader;
    private int values;

    private JsonText(Reader text) {
        reader = new JsonReader(text);
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(MAXIMUM_DEPTH);
    }

    /** @throws MalformedException with the place of what is wrong */
    static Object parse(String text) throws MalformedException {
        return new JsonText(new StringReader(text)).document();
    }

    /**
     * Reads no further than the first mistake, and makes no copy of the text.
     *
     * @param bytes UTF-8
     * @throws MalformedException with the place of what is wrong
     */
    static Object parse(byte[] bytes) throws MalformedException {
        return new JsonText(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder())).document();
    }

    private Object document() throws MalformedException {
        try {
            Object value = read();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedException("something follows behind its end");
            }
            return value;
        } catch (MalformedException ours) {
            throw ours;
        } catch (CharacterCodingException e) {
            throw new MalformedException("not UTF-8", e);
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

    private Object read() throws IOException {
        if (++values > MAXIMUM_VALUES) {
            throw new MalformedException("it has more than " + MAXIMUM_VALUES + " values");
        }
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> readObject();
            case BEGIN_ARRAY -> {
                List<Object> list = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    list.add(read());
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

    private Map<String, Object> readObject() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.containsKey(name)) {
                throw new MalformedException(reader.getPath() + " is there twice");
            }
            object.put(name, read());
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
