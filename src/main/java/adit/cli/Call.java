package adit.cli;

import adit.control.ControlExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One command as the daemon sees it: what was asked, and its answer, as text or as JSON. */
final class Call {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    /** What Kubo's own command line adds to every request. */
    private static final List<String> IGNORED = List.of("stream-channels", "debug", "D", "offline", "api-auth", "repo-dir", "config", "c",
            "cid-base", "upgrade-cidv0-in-output", "local", "L");

    /** Arguments and characters of an audit line. */
    private static final int MAXIMUM_AUDITED = 20;
    private static final int MAXIMUM_AUDIT = 500;

    private final Daemon daemon;
    private final ControlExchange exchange;
    private final List<String> arguments;
    private final Syntax syntax;
    private final Map<String, String> options = new HashMap<>();
    private final boolean asText;
    private boolean isStreaming;
    private boolean isAnswered;

    /** @throws UsageException arguments or options are not the command's */
    Call(Daemon daemon, Syntax syntax, ControlExchange exchange) {
        this.daemon = daemon;
        this.exchange = exchange;
        this.syntax = syntax;
        Map<String, List<String>> query = exchange.query();
        arguments = query.getOrDefault("arg", List.of());
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            if (!parameter.getKey().equals("arg") && !IGNORED.contains(parameter.getKey())) {
                readOption(syntax, parameter.getKey(), parameter.getValue());
            }
        }
        syntax.checkArguments(arguments);
        String encoding = options.getOrDefault("encoding", "json");
        if (!encoding.equals("json") && !encoding.equals("text")) {
            throw new UsageException("encoding \"" + encoding + "\" is not known: text and json are", null);
        }
        asText = encoding.equals("text");
    }

    private void readOption(Syntax syntax, String name, List<String> values) {
        Option option = syntax.option(name);
        if (option == null) {
            throw new UsageException("unknown option \"" + name + "\"", null);
        }
        String value = values.getLast();
        if (option.isFlag() && !List.of("true", "false", "").contains(value)) {
            throw new UsageException("option \"" + name + "\" takes true or false, not \"" + value + "\"", null);
        }
        options.put(option.name(), option.isFlag() && value.isEmpty() ? "true" : value);
    }

    Daemon daemon() {
        return daemon;
    }

    ControlExchange exchange() {
        return exchange;
    }

    /** Whether the answer is for a person. */
    boolean isText() {
        return asText;
    }

    List<String> arguments() {
        return arguments;
    }

    String argument(int index) {
        return arguments.get(index);
    }

    /** Whether something is different afterwards; asking for a setting changes nothing. */
    boolean isChange() {
        return Access.isChange(syntax.name()) && !(syntax.name().equals("config") && arguments.size() < 2);
    }

    /** Who does what, on one line; values of settings and codes of invitations are left out: they are secrets, or there are some among them. */
    String audit(boolean isByToken) {
        int shown = syntax.name().equals("config") ? 1 : syntax.name().equals("accept") ? 0 : MAXIMUM_AUDITED;
        StringBuilder text = new StringBuilder(exchange.user()).append(isByToken ? ", with a token" : "")
                .append(": ").append(syntax.name());
        options.forEach((name, value) -> {
            if (Syntax.GLOBAL.stream().noneMatch(option -> option.name().equals(name))) {
                text.append(" --").append(name).append('=').append(value);
            }
        });
        arguments.stream().limit(shown).forEach(argument -> text.append(' ').append(argument));
        return DaemonLog.oneLine(text.length() > MAXIMUM_AUDIT ? text.substring(0, MAXIMUM_AUDIT) + "…" : text.toString());
    }

    /** A peer as the user names it: /dnsaddr/NAME, which blocks while the DNS is asked, or see {@link PeerNames#resolve}. */
    PeerAddress peer(String text) throws IOException {
        return text.matches("/dnsaddr/[^/]+") ? daemon.discovery().peerNamed(text.substring("/dnsaddr/".length())) : daemon.names().resolve(text);
    }

    boolean flag(String name) {
        return "true".equals(options.get(name));
    }

    /** Null when it was not given. */
    String option(String name) {
        return options.get(name);
    }

    /** An answer without content. */
    void done() throws IOException {
        isAnswered = true;
        exchange.respond(200, TEXT, new byte[0]);
    }

    /** @param json anything {@link Json} can write */
    void answer(String text, Object json) throws IOException {
        isAnswered = true;
        exchange.respond(200, asText ? TEXT : JSON, bytes(text, json));
    }

    /** An answer in a format of its own. */
    void answer(String contentType, byte[] body) throws IOException {
        isAnswered = true;
        exchange.respond(200, contentType, body);
    }

    /** One part of an answer that comes in parts, sent at once. */
    void emit(String text, Object json) throws IOException {
        if (!isStreaming) {
            exchange.startStreaming(asText ? TEXT : JSON);
            isStreaming = true;
        }
        exchange.write(bytes(text, json));
    }

    private byte[] bytes(String text, Object json) {
        return (asText ? text : Json.write(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether nothing more can be answered. */
    boolean isAnswered() {
        return isAnswered;
    }

    void fail(String message, String hint, int code) throws IOException {
        isAnswered = true;
        if (isStreaming) {
            exchange.failStreaming(message);
            return;
        }
        Json error = Json.object().with("Message", message).with("Code", code).with("Type", "error");
        if (hint != null) {
            error.with("Hint", hint);
        }
        exchange.respond(code == 1 ? 400 : 500, JSON, (error + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
