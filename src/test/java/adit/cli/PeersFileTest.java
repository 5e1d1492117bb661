package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.dht.PeerMemory;
import adit.dht.RememberedPeer;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PeersFileTest {
    private static final Instant HOUR = Instant.parse("2026-11-24T02:00:00Z");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private PeersFile file() {
        return new PeersFile(directory, new DaemonLog(LogLevel.WARN, new PrintStream(log, true, StandardCharsets.UTF_8), false).module("discovery"));
    }

    private static RememberedPeer peer() throws MalformedException {
        return new RememberedPeer(PrivateKey.generate().peerId(), List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1"),
                Multiaddr.parse("/ip6/2001:db8::1/tcp/1")), RememberedPeer.Role.TUNNEL, HOUR);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        List<RememberedPeer> peers = List.of(peer(), peer());
        file().write(peers);
        assertEquals(peers, file().read());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("peers.json"))));
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count(), "no temporary file stays");
        }
    }

    @Test
    void missingFileIsNoNews() {
        assertEquals(List.of(), file().read());
        file().write(List.of());
        assertFalse(Files.exists(directory.resolve("peers.json")));
        assertEquals("", log.toString());
    }

    @Test
    void unchangedPeersSpareTheDisk() throws Exception {
        PeersFile file = file();
        RememberedPeer peer = peer();
        file.write(List.of(peer));
        Files.delete(directory.resolve("peers.json"));
        file.write(List.of(new RememberedPeer(peer.peer(), peer.addresses(), peer.role(), HOUR.plusSeconds(60))));
        assertFalse(Files.exists(directory.resolve("peers.json")));
    }

    @Test
    void brokenFileIsToldAndIgnored() throws Exception {
        for (String text : List.of("", "{", "{}", "[]", "{\"Peers\":[{}]}", "{\"Peers\":[{\"ID\":\"x\",\"Addrs\":[]}]}",
                "{\"Peers\":3}", " ".repeat(300_000), "{\"Peers\":[{\"ID\":\"" + peer().peer() + "\",\"Addrs\":[\"nonsense\"]}]}")) {
            log.reset();
            Files.writeString(directory.resolve("peers.json"), text);
            assertEquals(List.of(), file().read());
            assertTrue(log.toString().contains(directory.resolve("peers.json") + " is ignored: "), log.toString());
        }
    }

    @Test
    void noMoreIsReadThanIsKept() throws Exception {
        String one = PeersFile.text(List.of(peer()));
        String entry = one.substring(one.indexOf('[') + 1, one.lastIndexOf(']'));
        Files.writeString(directory.resolve("peers.json"), "{\"Peers\":[" + String.join(",", Collections.nCopies(500, entry)) + "]}");
        assertEquals(PeerMemory.MAXIMUM_PEERS, file().read().size());
    }

    @Test
    void failureToWriteIsTold() throws Exception {
        Files.createDirectories(directory.resolve("peers.json/x"));
        file().write(new ArrayList<>(List.of(peer())));
        assertTrue(log.toString().contains("cannot write " + directory.resolve("peers.json")), log.toString());
    }

    @Timeout(600)
    @FuzzTest(maxDuration = "60s")
    void anyTextIsAListOfPeersOrRefused(byte[] text) {
        try {
            List<RememberedPeer> peers = PeersFile.parse(new String(text, StandardCharsets.UTF_8));
            assertEquals(peers.size(), PeersFile.parse(PeersFile.text(peers)).size());
        } catch (MalformedException refused) {
            // as it must be
        }
    }
}
