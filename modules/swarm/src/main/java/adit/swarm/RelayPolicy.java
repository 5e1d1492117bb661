package adit.swarm;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Whether a stream may go over a relay, which others pay for and most of which end a circuit after minutes or kilobytes. */
public enum RelayPolicy {
    /** Only a direct connection will do: while there is none, opening waits for it. */
    NEVER("never"),
    /** Until there is a direct connection a relay will do, while what it still allows is worth beginning. A direct connection that is being made is given a moment. */
    UNTIL_DIRECT("until-direct"),
    /** Whatever there is: nothing is waited for. */
    ALWAYS("always");

    private final String text;

    RelayPolicy(String text) {
        this.text = text;
    }

    /** The one of that word; null when there is none. */
    public static RelayPolicy named(String word) {
        return Arrays.stream(values()).filter(policy -> policy.text.equals(word)).findFirst().orElse(null);
    }

    /** All of them, for a message. */
    public static String words() {
        return Arrays.stream(values()).map(RelayPolicy::toString).collect(Collectors.joining(", "));
    }

    /** The word for it in commands and in the config. */
    @Override public String toString() {
        return text;
    }
}
