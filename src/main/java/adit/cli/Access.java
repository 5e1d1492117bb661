package adit.cli;

import adit.control.ControlExchange;
import adit.control.Role;
import adit.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may give which command. Users have roles; a request with an Authorization header is judged by its token alone, as Kubo's
 * API.Authorizations says: its paths and no others, the version always.
 */
final class Access {
    static final int MAXIMUM_TOKENS = 100;
    private static final List<String> TOKEN_FIELDS = List.of("AuthSecret", "AllowedPaths");
    private static final String VERSION_PATH = "/api/v0/version";

    /** Commands that only look. */
    private static final Set<String> LOOKING = Set.of("id", "version", "ls", "stream ls", "status", "grants", "peer ls", "swarm peers",
            "swarm addrs", "swarm addrs local", "swarm addrs listen", "swarm peering ls", "bootstrap", "bootstrap list", "export", "plan",
            "log ls", "log tail", "metrics");
    /** Commands that use what is there. */
    private static final Set<String> USING = Set.of("nc", "nc end", "ping", "why", "routing findpeer");
    /** Commands that change tunnels and who takes part in them. */
    private static final Set<String> RUNNING = Set.of("listen", "forward", "close", "stream close", "grant", "revoke", "invite",
            "accept", "swarm connect", "swarm disconnect", "swarm peering add", "swarm peering rm", "log level");

    private final List<Token> tokens;

    /**
     * One entry of API.Authorizations.
     *
     * @param header the Authorization header it stands for
     * @param paths it may call these and what is below them
     */
    private record Token(String header, List<String> paths) {
        private boolean isOf(String given) {
            return MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        }

        private boolean allows(String path) {
            return path.equals(VERSION_PATH)
                    || paths.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/"));
        }
    }

    /** @param authorizations API.Authorizations of a config, already checked; null when there is none */
    Access(Object authorizations) throws MalformedException {
        tokens = tokens(authorizations);
    }

    /** @throws MalformedException with what is wrong, never with a secret */
    static void check(Object authorizations) throws MalformedException {
        tokens(authorizations);
    }

    private static List<Token> tokens(Object authorizations) throws MalformedException {
        List<Token> tokens = new ArrayList<>();
        if (authorizations == null) {
            return tokens;
        }
        if (!(authorizations instanceof Map<?, ?> entries) || entries.size() > MAXIMUM_TOKENS) {
            throw new MalformedException("must be an object of at most " + MAXIMUM_TOKENS + " {\"AuthSecret\": …, \"AllowedPaths\": […]}");
        }
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            if (!(entry.getValue() instanceof Map<?, ?> fields) || !(fields.get("AuthSecret") instanceof String secret)) {
                throw new MalformedException(entry.getKey() + " must be an object with an AuthSecret");
            }
            tokens.add(new Token(header(entry.getKey(), secret), new JsonFields(fields, TOKEN_FIELDS).strings("AllowedPaths")));
        }
        return tokens;
    }

    /** As Kubo reads a secret: "bearer:TOKEN", "basic:USER:PASSWORD", "basic:BASE64" or a bare token. */
    private static String header(Object name, String secret) throws MalformedException {
        int colon = secret.indexOf(':');
        String value = secret.substring(colon + 1);
        if (value.isEmpty()) {
            throw new MalformedException(name + " has an empty AuthSecret: any caller would have it");
        }
        return switch (colon < 0 ? "bearer" : secret.substring(0, colon)) {
            case "bearer" -> "Bearer " + value;
            case "basic" -> "Basic " + (value.indexOf(':') < 0 ? value
                    : Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
            default -> throw new MalformedException(name + " has an AuthSecret that is neither bearer: nor basic:");
        };
    }

    /** What a command needs. */
    static Role needed(String command) {
        return LOOKING.contains(command) ? Role.READ_ONLY
                : USING.contains(command) || RUNNING.contains(command) ? Role.OPERATOR : Role.ADMIN;
    }

    /** Whether something is different afterwards. */
    static boolean isChange(String command) {
        return !LOOKING.contains(command) && !USING.contains(command) && !command.equals("config show");
    }

    /** Whether the request is judged by a token. */
    boolean isByToken(ControlExchange exchange) {
        return !tokens.isEmpty() && exchange.header("authorization") != null;
    }

    /** Why the caller may not give the command, and what would help; null when it may. */
    String refusal(ControlExchange exchange, String command) {
        String given = exchange.header("authorization");
        Role needed = needed(command);
        if (!isByToken(exchange)) {
            return exchange.role().covers(needed) ? null : "user " + exchange.user() + " has the role " + exchange.role() + " here, \"" + command
                    + "\" needs " + needed;
        }
        for (Token token : tokens) {
            if (token.isOf(given)) {
                return token.allows(exchange.path()) ? null : "the token does not allow " + exchange.path()
                        + ": its AllowedPaths in API.Authorizations must have it, or give the command without a token as a user with the role " + needed;
            }
        }
        return "the token is none of API.Authorizations; without a token \"" + command + "\" needs the role " + needed;
    }
}
