package adit.tunnel;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The kernel's list of TCP sockets (proc(5), /proc/net/tcp). It tells what the socket interface does not: whether a
 * client on this machine that has ended its direction still waits for an answer or has closed its socket for good.
 */
final class SocketTable {
    // sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode
    private static final int LOCAL_ADDRESS = 1;
    private static final int REMOTE_ADDRESS = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    /** TCP_FIN_WAIT1 and TCP_FIN_WAIT2 of the kernel's tcp_states.h. */
    private static final String FIN_WAIT = "04 05";

    private SocketTable() {}

    /** Whether a socket of this machine, seen from its own end, has sent its FIN and belongs to no program any more. */
    static boolean isOrphan(InetSocketAddress local, InetSocketAddress remote) {
        return contains(Path.of("/proc/net/tcp"), local, remote) || contains(Path.of("/proc/net/tcp6"), local, remote);
    }

    private static boolean contains(Path table, InetSocketAddress local, InetSocketAddress remote) {
        try (BufferedReader lines = Files.newBufferedReader(table)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.strip().split(" +");
                if (columns.length > INODE && FIN_WAIT.contains(columns[STATE]) && columns[INODE].equals("0")
                        && parse(columns[LOCAL_ADDRESS]).equals(local) && parse(columns[REMOTE_ADDRESS]).equals(remote)) {
                    return true;
                }
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // Another system or another network namespace: then nobody can tell.
        }
        return false;
    }

    /** "0100007F:1F90": 32-bit words in the machine's byte order (little-endian on everything this runs on), then the port. */
    private static InetSocketAddress parse(String column) throws UnknownHostException {
        int colon = column.indexOf(':');
        byte[] words = HexFormat.of().parseHex(column, 0, colon);
        byte[] address = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            address[i] = words[i / 4 * 4 + 3 - i % 4];
        }
        InetAddress parsed = address.length == 4 ? Inet4Address.getByAddress(address) : InetAddress.getByAddress(address);
        return new InetSocketAddress(parsed, Integer.parseInt(column, colon + 1, column.length(), 16));
    }
}
