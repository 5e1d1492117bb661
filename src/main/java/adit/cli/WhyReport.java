package adit.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What "adit why" has found: lines, sent as they come, since a search takes its time; and fields, answered at the end to who wants
 * JSON.
 */
final class WhyReport {
    private static final int MARGIN = 12;

    private final Call call;
    private final Json json = Json.object();
    private final Set<String> steps = new LinkedHashSet<>();
    private boolean isSeen;

    WhyReport(Call call) {
        this.call = call;
    }

    /** A line: what it is about, in one word, and what there is to say; several lines in a row may be about the same. */
    void line(String about, String text) throws IOException {
        if (call.isText()) {
            String shown = DaemonLog.oneLine(text);
            call.emit(about + " ".repeat(Math.max(1, MARGIN - about.length())) + shown + "\n", json);
        }
    }

    /** A line for each, all about the same. */
    <T> void lines(String about, List<T> all, Function<T, String> words) throws IOException {
        String heading = about;
        for (T each : all) {
            line(heading, words.apply(each));
            heading = "";
        }
    }

    /** A line that belongs to the one before. */
    void detail(String text) throws IOException {
        line("", text);
    }

    /** The fields; a part adds its own. */
    Json json() {
        return json;
    }

    /** Others have told where the peer is. */
    void seen() {
        isSeen = true;
    }

    /** Whether others have told where the peer is; what this node remembers itself may be old. */
    boolean isSeen() {
        return isSeen;
    }

    /** What to do next, with a command to paste; the first one matters most. */
    void next(String step) {
        steps.add(step);
    }

    /** Nothing comes after this. */
    void end() throws IOException {
        List<String> all = new ArrayList<>(steps);
        for (String step : all) {
            line("next", step);
        }
        if (!call.isText()) {
            call.answer("", json.withList("Next", all));
        }
    }
}
