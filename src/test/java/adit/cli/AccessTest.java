package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.control.Role;
import adit.multiformats.MalformedException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may give which command. */
@Timeout(90)
class AccessTest {
    @TempDir
    Path temporary;

    @Test
    void whatNobodyThoughtOfNeedsAdmin() {
        assertEquals(Role.ADMIN, Access.needed("something new"));
        assertEquals(Role.ADMIN, Access.needed("shutdown"));
        assertEquals(Role.ADMIN, Access.needed("config show"));
        assertEquals(Role.OPERATOR, Access.needed("grant"));
        assertEquals(Role.READ_ONLY, Access.needed("status"));
        assertTrue(Access.isChange("something new") && Access.isChange("listen"));
        assertFalse(Access.isChange("ls") || Access.isChange("ping") || Access.isChange("config show"));
    }

    @Test
    void everyRoleNamesCommandsThatExist() {
        List<String> needing = Commands.NAMES.stream().filter(name -> Access.needed(name) != Role.ADMIN).toList();
        assertTrue(needing.containsAll(List.of("id", "ls", "stream ls", "swarm addrs listen", "bootstrap list", "listen", "swarm peering rm")));
        assertEquals(List.of("init", "daemon", "shutdown"), Commands.NAMES.stream().filter(name -> Access.needed(name) == Role.ADMIN)
                .limit(3).toList());
    }

    @Test
    void tokensOpenTheirPathsAndNoOthers() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        authorize(directory, """
                {"tunnels": {"AuthSecret": "bearer:s3cret", "AllowedPaths": ["/api/v0/p2p"]},
                 "all": {"AuthSecret": "basic:me:pass:word", "AllowedPaths": ["/api/v0/"]},
                 "nothing": {"AuthSecret": "bare"}}""");
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertStatus(200, daemon, "p2p/ls", "Bearer s3cret");
            assertStatus(200, daemon, "p2p/stream/ls", "Bearer s3cret");
            assertStatus(200, daemon, "version", "Bearer bare");
            assertStatus(200, daemon, "id", "Basic bWU6cGFzczp3b3Jk");
            String refused = assertStatus(403, daemon, "id", "Bearer s3cret");
            assertTrue(refused.contains("the token does not allow /api/v0/id") && refused.contains("with the role read-only"), refused);
            assertStatus(403, daemon, "p2p/ls", "Bearer bare");
            assertStatus(403, daemon, "shutdown", "Bearer s3cret");
            assertTrue(assertStatus(403, daemon, "id", "Bearer wrong").contains("the token is none of API.Authorizations"));
            assertStatus(403, daemon, "id", "Bearer s3cre");
            assertStatus(200, daemon, "id", null);
            String log = daemon.log();
            assertTrue(log.contains(": refused: the token does not allow /api/v0/id"), log);
            assertFalse(log.contains("s3cret") || log.contains("pass:word") || log.contains("bWU6"), "no secret is in the log");
            String shown = daemon.run("config", "show").out();
            assertTrue(shown.contains("(hidden)") && !shown.contains("s3cret"), shown);
        }
    }

    @Test
    void withoutAuthorizationsAHeaderMeansNothingAsInKubo() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            assertStatus(200, daemon, "id", "Bearer whatever");
        }
    }

    @Test
    void everyChangeHasAnAuditLine() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            String user = Files.getOwner(daemon.directory()).getName();
            daemon.run("listen", "--save", "/x/a", "/ip4/127.0.0.1/tcp/22");
            daemon.run("listen", "/x/a", "/ip4/127.0.0.1/tcp/22");
            daemon.run("config", "--json", "API.Authorizations", "{\"x\": {\"AuthSecret\": \"s3cret\"}}");
            daemon.run("config", "API.Authorizations");
            daemon.run("ls");
            List<String> audit = daemon.log().lines().filter(line -> line.contains("audit: ")).map(line -> line.replaceAll(".*audit: ", "")).toList();
            assertEquals(List.of(user + ": listen --save=true /x/a /ip4/127.0.0.1/tcp/22", user + ": listen /x/a /ip4/127.0.0.1/tcp/22",
                    user + ": listen /x/a /ip4/127.0.0.1/tcp/22: failed", user + ": config --json=true API.Authorizations"), audit);
        }
    }

    @Test
    void authorizationsAreCheckedWithoutTellingSecrets() {
        Map<String, Object> many = new LinkedHashMap<>();
        for (int i = 0; i <= Access.MAXIMUM_TOKENS; i++) {
            many.put("t" + i, Map.of("AuthSecret", "x"));
        }
        for (Object wrong : new Object[] {"text", many, Map.of("a", "b"), Map.of("a", Map.of()), Map.of("a", Map.of("AuthSecret", "")),
            Map.of("a", Map.of("AuthSecret", "bearer:")), Map.of("a", Map.of("AuthSecret", "digest:s3cret")),
            Map.of("a", Map.of("AuthSecret", "s3cret", "Paths", List.of())), Map.of("a", Map.of("AuthSecret", "s3cret", "AllowedPaths", "x"))}) {
            String message = assertThrows(MalformedException.class, () -> Access.check(wrong)).getMessage();
            assertFalse(message.contains("s3cret"), message);
        }
    }

    private static void authorize(Path directory, String json) {
        TestDaemon.Result result = TestDaemon.run(directory, "config", "--json", "API.Authorizations", json);
        assertEquals(0, result.code(), result.err());
    }

    private static String assertStatus(int status, TestDaemon daemon, String path, String authorization) throws Exception {
        String request = "POST /api/v0/" + path + " HTTP/1.1\r\nHost: adit\r\nConnection: close\r\nContent-Length: 0\r\n"
                + (authorization == null ? "" : "Authorization: " + authorization + "\r\n") + "\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(daemon.directory().resolve("api.sock")));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), path + " with " + authorization + ": " + answer);
            return answer;
        }
    }
}
