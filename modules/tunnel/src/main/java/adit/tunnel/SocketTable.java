package adit.tunnel;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The kernel's list of TCP sockets (proc(5), /proc/net/tcp). It tells what the socket interface does not: whether a
 * client on this machine that has ended its direction still waits for an answer or has closed its socket for good, and
 * whether all that was written to a socket has arrived. Where it cannot be read (another system, another network
 * namespace) nobody can tell, and the answer is no.
 */
final class SocketTable {
    /** A socket by its two addresses, its own first. */
    private record Ends(InetSocketAddress local, InetSocketAddress remote) {}

    // sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode
    private static final int LOCAL_ADDRESS = 1;
    private static final int REMOTE_ADDRESS = 2;
    private static final int STATE = 3;
    private static final int QUEUES = 4;
    private static final int INODE = 9;
    /** TCP_FIN_WAIT1 and TCP_FIN_WAIT2 of the kernel's tcp_states.h. */
    private static final String FIN_WAIT = "04 05";
    private static final String NOTHING_TO_SEND = "00000000:";

    /** Of the last reading: a lost connection may have a thousand streams that ask at the same time. With the class's monitor. */
    private static Set<Ends> unsent = Set.of();
    private static long unsentRead = System.nanoTime();

    private SocketTable() {}

    /** Whether a socket of this machine, seen from its own end, has sent its FIN and belongs to no program any more. */
    static boolean isOrphan(InetSocketAddress local, InetSocketAddress remote) {
        return sockets(columns -> FIN_WAIT.contains(columns[STATE]) && columns[INODE].equals("0")).contains(new Ends(local, remote));
    }

    /** Whether something that was written to a socket of this machine has not arrived at its other side yet. */
    static boolean hasUnsent(InetSocketAddress local, InetSocketAddress remote) {
        long asked = System.nanoTime();
        synchronized (SocketTable.class) {
            if (unsentRead - asked < 0) {
                unsentRead = System.nanoTime();
                unsent = sockets(columns -> !columns[QUEUES].startsWith(NOTHING_TO_SEND));
            }
            return unsent.contains(new Ends(local, remote));
        }
    }

    private static Set<Ends> sockets(Predicate<String[]> wanted) {
        Set<Ends> found = new HashSet<>();
        collect(Path.of("/proc/net/tcp"), wanted, found);
        collect(Path.of("/proc/net/tcp6"), wanted, found);
        return found;
    }

    private static void collect(Path table, Predicate<String[]> wanted, Set<Ends> found) {
        try (BufferedReader lines = Files.newBufferedReader(table)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.strip().split(" +");
                if (columns.length > INODE && wanted.test(columns)) {
                    found.add(new Ends(parse(columns[LOCAL_ADDRESS]), parse(columns[REMOTE_ADDRESS])));
                }
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // then nobody can tell
        }
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
