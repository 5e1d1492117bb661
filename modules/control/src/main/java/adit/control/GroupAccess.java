package adit.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import jdk.net.UnixDomainPrincipal;

/**
 * A group of users that may ask a daemon that is not theirs. The group may enter the daemon's directory, not read it, and connect to its socket; all
 * other files there stay their owner's.
 *
 * @param group its name
 * @param role what its members may do
 */
public record GroupAccess(String group, Role role) {
    private static final Path GROUP_FILE = Path.of("/etc/group");
    private static final int MAXIMUM_BYTES = 4 << 20;

    private GroupPrincipal principal() throws IOException {
        try {
            return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        } catch (UserPrincipalNotFoundException unknown) {
            throw new IOException("there is no group \"" + group + "\", which the config names in API.Group", unknown);
        }
    }

    /** Gives the group a file or directory with that mode. */
    void open(Path path, String mode) throws IOException {
        GroupPrincipal principal = principal();
        try {
            Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(principal);
        } catch (IOException refused) {
            throw new IOException("cannot give " + path + " to the group " + group + " (API.Group): the daemon's user must be a member of it", refused);
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** Whether it is the caller's own group, or the caller is a member of it by /etc/group: the kernel tells the first only. */
    boolean includes(UnixDomainPrincipal caller) throws IOException {
        return caller.group().equals(principal()) || members(groupFile(), group).contains(caller.user().getName());
    }

    private static String groupFile() throws IOException {
        try (InputStream in = Files.newInputStream(GROUP_FILE)) {
            return new String(in.readNBytes(MAXIMUM_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** @param file lines like "name:x:1000:user,user" */
    static List<String> members(String file, String group) {
        return file.lines().map(line -> line.split(":", -1))
                .filter(fields -> fields.length == 4 && fields[0].equals(group)).findFirst()
                .map(fields -> List.of(fields[3].split(","))).orElse(List.of());
    }
}
