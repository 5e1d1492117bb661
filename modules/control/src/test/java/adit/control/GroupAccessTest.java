package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group that may use the control socket of another user's daemon. */
@Timeout(30)
final class GroupAccessTest {
    private static final String GROUP = "daemon";

    @Test
    void rolesAreOrdered() {
        assertTrue(Role.ADMIN.covers(Role.OPERATOR) && Role.OPERATOR.covers(Role.OPERATOR));
        assertFalse(Role.READ_ONLY.covers(Role.OPERATOR) || Role.NONE.covers(Role.READ_ONLY));
        for (Role role : Role.values()) {
            assertEquals(role, Role.named(role.toString()));
        }
    }

    @Test
    void membersAreReadFromTheGroupFile() {
        String file = "root:x:0:\nadit:x:990:alice,bob\nadit2:x:991:eve\nbroken\n";
        assertEquals(List.of("alice", "bob"), GroupAccess.members(file, "adit"));
        assertEquals(List.of(), GroupAccess.members(file, "none"));
        assertFalse(GroupAccess.members(file, "root").contains("alice"));
    }

    @Test
    void groupThatDoesNotExistIsAnErrorThatNamesIt() {
        IOException failure = assertThrows(IOException.class, () -> new ScratchServer(ControlSettings.defaults(),
                new GroupAccess("no-such-group", Role.OPERATOR), ScratchServer::echo));
        assertTrue(failure.getMessage().contains("no group \"no-such-group\""), failure.getMessage());
    }

    @Test
    void membersAreServedWithTheirRoleAndNobodyElse() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")) && Files.isExecutable(Path.of("/usr/bin/curl")),
                "SKIP: needs setpriv and curl");
        assumeRoot();
        try (var server = new ScratchServer(ControlSettings.defaults(), new GroupAccess(GROUP, Role.OPERATOR), exchange ->
                exchange.respond(200, "text/plain", (exchange.user() + " " + exchange.role()).getBytes(StandardCharsets.UTF_8)))) {
            assertEquals("rwx--x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.directory)));
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket)));
            int gid = (Integer) Files.getAttribute(server.socket, "unix:gid");
            assertTrue(ask(server, "--regid=" + gid).endsWith(" operator"), ask(server, "--regid=" + gid));
            assertTrue(ask(server, "--regid=65534").contains("curl: "), "the files keep others out");
            Files.setPosixFilePermissions(server.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(server.socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            String refused = ask(server, "--regid=65534");
            assertTrue(refused.contains("may not control this daemon: only root, root and the group daemon may"), refused);
            try (ControlResponse own = server.client().request("/", List.of())) {
                assertEquals("root admin", new String(own.body().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private static void assumeRoot() throws IOException {
        Path probe = Files.createTempFile("adit", null);
        boolean isRoot = (Integer) Files.getAttribute(probe, "unix:uid") == 0;
        Files.delete(probe);
        Assumptions.assumeTrue(isRoot, "SKIP: becoming another user, and giving files to a group, needs root");
    }

    private static String ask(ScratchServer server, String group) throws IOException {
        List<String> words = new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=65533", group, "--clear-groups", "/usr/bin/curl", "-sS",
                "-X", "POST", "--unix-socket", server.socket.toString(), "http://adit/api/v0/id"));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void directoryIsClosedAgainWithoutAGroup() throws Exception {
        Path directory = Files.createTempDirectory("adit");
        Path socket = directory.resolve("api.sock");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x---"));
        try (var server = new ControlServer(socket, ScratchServer::echo, ControlSettings.defaults(), null, warning -> { })) {
            server.start();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        }
        Files.delete(directory);
    }

    @Test
    void apiFileCanBeReadByTheGroup() throws Exception {
        assumeRoot();
        Path directory = Files.createTempDirectory("adit");
        ApiFile api = new ApiFile(directory);
        api.write(directory.resolve("api.sock"), new GroupAccess(GROUP, Role.READ_ONLY));
        Path file = directory.resolve(ApiFile.NAME);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(GROUP).getName(),
                Files.readAttributes(file, java.nio.file.attribute.PosixFileAttributes.class).group().getName());
        api.remove();
        Files.delete(directory);
    }
}
