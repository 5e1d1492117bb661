package adit.cli;

/**
 * One message of the log.
 *
 * @param time as it is written, UTC to the millisecond
 * @param text on one line
 */
record LogLine(String time, LogLevel level, String module, String text) {
    /** As it stands in the log. */
    @Override public String toString() {
        return time + " " + (level + " ").substring(0, 5) + " " + module + ": " + text;
    }

    Json json() {
        return Json.object().with("Time", time).with("Level", level).with("Module", module).with("Message", text);
    }
}
