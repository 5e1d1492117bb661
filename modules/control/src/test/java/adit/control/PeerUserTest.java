package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is served: the kernel says who connected. */
@Timeout(30)
final class PeerUserTest {
    @Test
    void ownerAndRootAreAllowedAndNobodyElse() throws IOException {
        UserPrincipal root = user("0");
        UserPrincipal owner = user("1234567");
        assertTrue(ControlServer.isAllowed(user("1234567"), owner, root));
        assertTrue(ControlServer.isAllowed(user("0"), owner, root));
        assertFalse(ControlServer.isAllowed(user("1234568"), owner, root));
        assertFalse(ControlServer.isAllowed(owner, root, root), "root's daemon is not everybody's");
    }

    private static UserPrincipal user(String id) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(id);
    }

    @Test
    void handlerLearnsTheCallersName() throws IOException {
        try (var server = new ScratchServer(
                exchange -> exchange.respond(200, "text/plain", exchange.user().getBytes(StandardCharsets.UTF_8)));
                ControlResponse response = server.client().request("/", java.util.List.of())) {
            assertEquals(Files.getOwner(server.directory).getName(), new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void anotherUserIsForbiddenEvenWhereTheFilesWouldLetItIn() throws Exception {
        Path setpriv = Path.of("/usr/bin/setpriv");
        Path curl = Path.of("/usr/bin/curl");
        Assumptions.assumeTrue(Files.isExecutable(setpriv) && Files.isExecutable(curl), "SKIP: needs setpriv and curl");
        try (var server = new ScratchServer(ScratchServer::echo)) {
            Assumptions.assumeTrue(Files.getOwner(server.socket).equals(user("0")), "SKIP: becoming another user needs root");
            Files.setPosixFilePermissions(server.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(server.socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            for (int i = 0; i < 3; i++) {
                Process process = new ProcessBuilder(setpriv.toString(), "--reuid=65534", "--clear-groups", curl.toString(), "-sS", "-i",
                        "-X", "POST",
                        "--unix-socket", server.socket.toString(), "http://adit/api/v0/id").redirectErrorStream(true).start();
                String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 403 ") && answer.contains("may not control this daemon"), answer);
            }
            assertEquals(1, server.warnings.size(), "one warning per user: " + server.warnings);
        }
    }
}
