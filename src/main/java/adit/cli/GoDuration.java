package adit.cli;

import java.time.Duration;

/** Durations as Go writes them, which Kubo's options take: "300ms", "1.5h", "1m30s". */
final class GoDuration {
    private static final long MAXIMUM_SECONDS = 365L * 24 * 3600;

    private GoDuration() {}

    /** @throws UsageException when it is none, or not between 1 ms and a year */
    static Duration parse(String text) {
        double seconds = 0;
        int at = 0;
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            int unit = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            double factor = factor(text.substring(unit, at));
            if (number == unit || factor == 0) {
                throw invalid(text);
            }
            try {
                seconds += Double.parseDouble(text.substring(number, unit)) * factor;
            } catch (NumberFormatException e) {
                throw invalid(text);
            }
        }
        if (!(seconds >= 0.001 && seconds <= MAXIMUM_SECONDS)) {
            throw invalid(text);
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static double factor(String unit) {
        return switch (unit) {
            case "ms" -> 0.001;
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            default -> 0;
        };
    }

    private static UsageException invalid(String text) {
        return new UsageException("\"" + text + "\" is no duration", "write it like 500ms, 30s, 1m30s or 2h");
    }

    /** A measured time in Go's short form: "1.23ms", "45.1µs". */
    static String text(Duration time) {
        long nanoseconds = time.toNanos();
        if (nanoseconds >= 1_000_000_000) {
            return hundredths(nanoseconds, 1_000_000_000) + "s";
        }
        return nanoseconds >= 1_000_000 ? hundredths(nanoseconds, 1_000_000) + "ms" : hundredths(nanoseconds, 1000) + "µs";
    }

    static String hundredths(long value, long unit) {
        long hundredths = Math.round(value * 100.0 / unit);
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10;
    }
}
