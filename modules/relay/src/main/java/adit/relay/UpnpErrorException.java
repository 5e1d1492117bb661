package adit.relay;

import java.io.IOException;

/** A UPnP device refuses an action. */
final class UpnpErrorException extends IOException {
    /** The external port is another machine's. */
    static final int CONFLICT = 718;
    /** Mappings without an end only. */
    static final int ONLY_PERMANENT = 725;

    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param code of UPnP; 0 when the device tells none */
    UpnpErrorException(String action, int status, int code) {
        super("refused: " + action + ": " + (code == 0 ? "HTTP status " + status : words(code)));
        this.code = code;
    }

    private static String words(int code) {
        return switch (code) {
            case 402 -> "invalid arguments (402)";
            case 606 -> "not authorized (606)";
            case CONFLICT -> "the port is mapped to another machine (718)";
            case ONLY_PERMANENT -> "only mappings without an end (725)";
            case 728 -> "no more mappings (728)";
            default -> "UPnP error " + code;
        };
    }

    int code() {
        return code;
    }
}
