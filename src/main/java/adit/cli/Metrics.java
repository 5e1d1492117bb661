package adit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measured values in the text format of OpenMetrics 1.0: families, each of some samples. Families without a sample are left out. */
final class Metrics {
    static final String CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final StringBuilder text = new StringBuilder();
    private final List<Json> families = new ArrayList<>();

    /** What a family's values are, and how the names of its samples end. */
    enum Kind {
        COUNTER("counter", "_total"), GAUGE("gauge", ""), INFO("info", "_info");

        private final String word;
        private final String suffix;

        Kind(String word, String suffix) {
            this.word = word;
            this.suffix = suffix;
        }
    }

    /**
     * @param labels names and values, in order
     * @param value a whole number, or one with decimals
     */
    record Sample(Map<String, String> labels, Number value) {}

    /** @param name without the kind's suffix */
    void add(String name, Kind kind, String help, List<Sample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        text.append("# TYPE ").append(name).append(' ').append(kind.word).append('\n');
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        List<Json> all = new ArrayList<>();
        for (Sample sample : samples) {
            text.append(name).append(kind.suffix);
            String separator = "{";
            for (Map.Entry<String, String> label : sample.labels().entrySet()) {
                text.append(separator).append(label.getKey()).append("=\"").append(escaped(label.getValue())).append('"');
                separator = ",";
            }
            text.append(sample.labels().isEmpty() ? "" : "}").append(' ').append(sample.value()).append('\n');
            all.add(Json.object().with("Labels", sample.labels()).with("Value", sample.value()));
        }
        families.add(Json.object().with("Name", name).with("Type", kind.word).with("Samples", all));
    }

    /** One value without labels. */
    void add(String name, Kind kind, String help, Number value) {
        add(name, kind, help, List.of(new Sample(Map.of(), value)));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    String text() {
        return text + "# EOF\n";
    }

    Json json() {
        return Json.object().with("Metrics", families);
    }
}
