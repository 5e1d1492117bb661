package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.dht.DhtMode;
import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.relay.RelayLimit;
import adit.relay.RelayServiceSettings;
import adit.relay.AutoNatSettings;
import adit.relay.Reachability;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigTest {
    @TempDir
    Path directory;

    @Test
    void unknownKeysAreRefusedByTheirFullNames() {
        assertRefused("{\"Adresses\": {}}", "unknown key Adresses", "did you mean Addresses?");
        assertRefused("{\"Swarm\": {\"Transports\": {\"Security\": {\"Tls\": true}}}}", "unknown key Swarm.Transports.Security.Tls",
                "did you mean Swarm.Transports.Security.TLS?");
        CommandException far = refusal("{\"Gateway\": 1}");
        assertEquals("unknown key Gateway", far.getMessage());
        assertTrue(far.hint().contains("Addresses.Swarm"), far.hint());
    }

    @Test
    void wrongTypesAreRefusedByName() {
        assertRefused("[]", "the config must be a JSON object", null);
        assertRefused("{\"Swarm\": 3}", "wrong value of Swarm: must be an object, not 3", null);
        assertRefused("{\"Addresses\": {\"Swarm\": \"/ip4/0.0.0.0/tcp/1\"}}",
                "wrong value of Addresses.Swarm: must be a list, not \"/ip4/0.0.0.0/tcp/1\"", null);
        assertRefused("{\"Addresses\": {\"Swarm\": [1]}}", "wrong value of Addresses.Swarm: must be a string, not 1", null);
        assertRefused("{\"Addresses\": {\"Swarm\": [null]}}", "wrong value of Addresses.Swarm: must be a string, not null", null);
        assertRefused("{\"Swarm\": {\"ConnMgr\": {\"HighWater\": 1.5}}}",
                "wrong value of Swarm.ConnMgr.HighWater: must be a number from 1 to 100000", null);
        assertRefused("{\"Peering\": {\"Peers\": [{\"Addrs\": []}]}}",
                "wrong value of Peering.Peers: must be a list of {\"ID\": …, \"Addrs\": […]}", null);
        assertRefused("{\"Swarm\": {\"Transports\": {\"Security\": {\"TLS\": 0}}}}",
                "wrong value of Swarm.Transports.Security.TLS: must be true, false or a number above 0, the lower one being proposed first",
                null);
    }

    @Test
    void relayServiceIsOffUnlessAskedFor() throws Exception {
        assertTrue(config("{}").relayService().isEmpty());
        assertTrue(config("{\"Swarm\": {\"RelayService\": {\"MaxCircuits\": 3}}}").relayService().isEmpty());
        assertEquals(RelayServiceSettings.defaults(), config("{\"Swarm\": {\"RelayService\": {\"Enabled\": true}}}").relayService().orElseThrow());
        String friend = PrivateKey.generate().peerId().toString();
        RelayServiceSettings settings = config("{\"Swarm\": {\"RelayService\": {\"Enabled\": true, \"ConnectionDurationLimit\": \"1m30s\", "
                + "\"ConnectionDataLimit\": 1000000, \"ReservationTTL\": \"2h\", \"MaxReservations\": 50, \"MaxReservationsPerIP\": 40, "
                + "\"MaxCircuits\": 600, \"BufferSize\": 4096, \"Unlimited\": [\"" + friend + "\"]}}}").relayService().orElseThrow();
        RelayServiceSettings usual = RelayServiceSettings.defaults();
        assertEquals(new RelayServiceSettings(new RelayLimit(Duration.ofSeconds(90), 1_000_000), Duration.ofHours(2), 50, 40, 40, 600, 600, 300, 4096,
                usual.requestTimeout(), usual.connectTimeout(), Set.of(PeerId.parse(friend))), settings);
    }

    @Test
    void wrongLimitsOfTheRelayServiceAreRefused() {
        String name = "Swarm.RelayService.";
        assertRefused(relayService("\"Enabled\": 1"), "wrong value of " + name + "Enabled: must be true or false", null);
        assertRefused(relayService("\"ReservationTTL\": \"59s\""), "wrong value of " + name + "ReservationTTL: must be at least 60s", null);
        assertRefused(relayService("\"ConnectionDurationLimit\": \"soon\""),
                "wrong value of " + name + "ConnectionDurationLimit: must be a duration like 90s, 2m or 1h", null);
        assertRefused(relayService("\"ConnectionDataLimit\": 0"),
                "wrong value of " + name + "ConnectionDataLimit: must be a number from 1 to 1125899906842624", null);
        assertRefused(relayService("\"Unlimited\": \"all\""), "wrong value of " + name + "Unlimited: must be a list, not \"all\"", null);
        assertRefused(relayService("\"MaxReservationsPerASN\": 32"), "unknown key " + name + "MaxReservationsPerASN",
                "did you mean " + name + "MaxReservationsPerIP?");
    }

    private static String relayService(String entries) {
        return "{\"Swarm\": {\"RelayService\": {" + entries + "}}}";
    }

    @Test
    void wrongTunnelsAreRefusedByTheirNumber() {
        String web = "{\"Protocol\": \"/x/web\", \"TargetAddress\": \"/ip4/127.0.0.1/tcp/80\"}";
        assertRefused(listeners("3"), "wrong value of Tunnels.Listeners: tunnel 1: must be an object, not 3", null);
        assertRefused(listeners("{}"), "wrong value of Tunnels.Listeners: tunnel 1: Protocol is missing", null);
        assertRefused(listeners(web + ", {\"Protocol\": 1}"), "wrong value of Tunnels.Listeners: tunnel 2: Protocol must be a string, not 1", null);
        assertRefused(listeners(web + "," + web), "wrong value of Tunnels.Listeners: tunnel 2: listener /x/web is there twice", null);
        assertRefused(listeners(web.replace("/x/", "/y/")),
                "wrong value of Tunnels.Listeners: tunnel 1: protocol name must be within '/x/' namespace", null);
        assertRefused(listeners(web.replace("/80", "/0")), "wrong value of Tunnels.Listeners: tunnel 1: port can not be 0", null);
        assertRefused(listeners(web.replace("}", ", \"Alow\": []}")), "wrong value of Tunnels.Listeners: tunnel 1: unknown key Alow: "
                + "Protocol, TargetAddress, Allow, MaxStreams, Rate, ReportPeerID, AllowCustomProtocol are known", null);
        assertRefused(listeners(web.replace("}", ", \"Allow\": \"x\"}")),
                "wrong value of Tunnels.Listeners: tunnel 1: Allow must be a list, not \"x\"", null);
        for (String wrong : new String[] {"0", "-1", "\"2M\"", "1.5", "1000000000001"}) {
            assertRefused(listeners(web.replace("}", ", \"Rate\": " + wrong + "}")),
                    "wrong value of Tunnels.Listeners: tunnel 1: Rate must be a number from 1 to 1000000000000, not " + wrong, null);
        }
        assertRefused(listeners(web.replace("}", ", \"ReportPeerID\": 1}")),
                "wrong value of Tunnels.Listeners: tunnel 1: ReportPeerID must be true or false, not 1", null);
        assertRefused("{\"Tunnels\": {\"Forwarders\": [{\"Protocol\": \"/x/a\", \"ListenAddress\": \"/ip4/127.0.0.1/tcp/1\", "
                + "\"TargetAddress\": \"/ip4/127.0.0.1/tcp/1\"}]}}", "wrong value of Tunnels.Forwarders: tunnel 1: "
                + "address /ip4/127.0.0.1/tcp/1 has no peer id: whoever answers there could pretend to be anyone", null);
    }

    @Test
    void keysOfTheDocumentExistAndItsExampleIsRight() throws Exception {
        String document = Files.readString(Path.of("../docs/config.md"));
        Matcher row = Pattern.compile("(?m)^\\| `([A-Za-z0-9.]+)` \\| [^`]*[^|]*\\| [^|]+\\|$").matcher(document.substring(0, document.indexOf("## Tunnels")));
        int count = 0;
        for (; row.find(); count++) {
            assertNotNull(ConfigKey.named(row.group(1)), row.group(1));
        }
        assertEquals(ConfigKey.values().length, count, "each key has its line");
        String example = document.substring(document.indexOf("```json") + 7, document.lastIndexOf("```"));
        assertEquals(3, config(example.replace("12D3KooWPeer", "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo")
                .replace("12D3KooWGuest", "12D3KooWBPqtfHWLKGZYCRc3Y2U1CAxwy6ojmhBNyoMJZXr79eAE")).tunnels().size());
    }

    @Test
    void reachabilityIsFoundOutUnlessTheConfigKnowsIt() throws Exception {
        assertEquals(AutoNatSettings.defaults(), config("{}").autoNat());
        assertEquals(AutoNatSettings.defaults().with(AutoNatSettings.Service.ENABLED, Reachability.PRIVATE),
                config("{\"AutoNAT\": {\"ServiceMode\": \"enabled\"}, \"Internal\": {\"Libp2pForceReachability\": \"private\"}}").autoNat());
        assertEquals(AutoNatSettings.defaults().with(AutoNatSettings.Service.DISABLED, Reachability.PUBLIC),
                config("{\"AutoNAT\": {\"ServiceMode\": \"disabled\"}, \"Internal\": {\"Libp2pForceReachability\": \"public\"}}").autoNat());
        assertEquals(AutoNatSettings.defaults(), config("{\"Internal\": {\"Libp2pForceReachability\": \"\"}}").autoNat());
        assertRefused("{\"AutoNAT\": {\"ServiceMode\": \"on\"}}", "wrong value of AutoNAT.ServiceMode: must be enabled or disabled", null);
        assertRefused("{\"Internal\": {\"Libp2pForceReachability\": \"unknown\"}}",
                "wrong value of Internal.Libp2pForceReachability: must be public, private or empty", null);
    }

    @Test
    void tunnelsAreLimitedInNumber() throws Exception {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < TunnelEntry.MAXIMUM; i++) {
            many.append(i == 0 ? "" : ",").append("{\"Protocol\": \"/x/").append(i).append("\", \"TargetAddress\": \"/ip4/127.0.0.1/tcp/80\"}");
        }
        assertEquals(TunnelEntry.MAXIMUM, config(listeners(many.toString())).tunnels().size());
        assertRefused(listeners(many + ",{}"), "wrong value of Tunnels.Listeners: must be at most 1000 tunnels, not 1001", null);
    }

    private static String listeners(String entries) {
        return "{\"Tunnels\": {\"Listeners\": [" + entries + "]}}";
    }

    @Test
    void malformedJsonIsTold() throws Exception {
        for (String text : List.of("", "{", "{\"a\":}", "{'a':1}", "{\"a\":1} x", "{a:1}", "nul", "{\"Swarm\":{},\"Swarm\":{}}",
                "[".repeat(100) + "]".repeat(100))) {
            assertThrows(MalformedException.class, () -> JsonText.parse(text), text);
            Path file = directory.resolve("config.json");
            Files.writeString(file, text);
            CommandException failure = assertThrows(CommandException.class, () -> new ConfigFile(directory).read());
            assertTrue(failure.getMessage().startsWith(file + ": "), failure.getMessage());
        }
    }

    @Test
    void securityFollowsThePriorities() throws Exception {
        assertNull(config("{}").security());
        assertEquals(List.of("/noise"), security("{\"TLS\": false}"));
        assertEquals(List.of("/tls/1.0.0"), security("{\"Noise\": false}"));
        assertEquals(List.of("/tls/1.0.0", "/noise"), security("{\"Noise\": true}"));
        assertEquals(List.of("/noise", "/tls/1.0.0"), security("{\"Noise\": 50}"));
        assertEquals(List.of("/noise", "/tls/1.0.0"), security("{\"Noise\": 5, \"TLS\": 6}"));
        assertThrows(CommandException.class, () -> security("{\"Noise\": false, \"TLS\": false}"));
    }

    @Test
    void peersToStayConnectedToAreRead() throws Exception {
        String id = PrivateKey.generate().peerId().toString();
        List<PeerAddress> peers = config("{\"Peering\":{\"Peers\":[{\"ID\":\"" + id + "\",\"Addrs\":[\"/ip4/1.2.3.4/tcp/1/p2p/" + id
                + "\",\"/ip4/1.2.3.4/tcp/2\"]},{\"ID\":\"" + id + "\",\"Addrs\":null}]}}").peering();
        assertEquals("[/ip4/1.2.3.4/tcp/1, /ip4/1.2.3.4/tcp/2]", peers.getFirst().addresses().toString());
        assertEquals(List.of(), peers.getLast().addresses());
    }

    @Test
    void changedValueLeavesTheRestAlone() throws Exception {
        Config config = Config.initial(PrivateKey.generate().peerId());
        Config changed = config.with("Swarm.ConnMgr.HighWater", 9L).with("Swarm.Transports.Security.TLS", false);
        assertEquals(9, changed.highWater());
        assertEquals(config.peerId(), changed.peerId());
        assertEquals(256, config.highWater());
        assertInstanceOf(Map.class, changed.get("Swarm").orElseThrow());
    }

    @Test
    void fileIsReplacedWhole() throws Exception {
        ConfigFile file = new ConfigFile(directory);
        Config config = Config.initial(PrivateKey.generate().peerId());
        file.write(config);
        assertEquals(config.tree(), file.read().tree());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("config.json"))));
        file.write(config.with("Swarm.ConnMgr.HighWater", 9L));
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count(), "no temporary file stays");
        }
    }

    @Test
    void failedWriteLeavesWhatIsThere() throws Exception {
        Files.createDirectories(directory.resolve("config.json/x"));
        CommandException failure = assertThrows(CommandException.class,
                () -> new ConfigFile(directory).write(Config.initial(PrivateKey.generate().peerId())));
        assertTrue(failure.getMessage().startsWith("cannot write " + directory + "/config.json, the old one is kept: "),
                failure.getMessage());
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count(), "no temporary file stays");
        }
    }

    @Test
    void fullDiskKeepsTheOldFile() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=32k", "adit-test", disk.toString()) == 0,
                "SKIP: only root may mount a small disk");
        try {
            ConfigFile file = new ConfigFile(disk);
            Config config = Config.initial(PrivateKey.generate().peerId());
            file.write(config);
            assertThrows(IOException.class, () -> Files.write(disk.resolve("ballast"), new byte[100_000]));
            CommandException failure = assertThrows(CommandException.class, () -> file.write(config.with("Swarm.ConnMgr.HighWater", 9L)));
            assertTrue(failure.getMessage().contains("no space left on device"), failure.getMessage());
            assertEquals(config.tree(), file.read().tree());
        } finally {
            assertEquals(0, command("umount", disk.toString()));
        }
    }

    private static int command(String... words) throws Exception {
        return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    @Test
    void kuboRepositoryIsTakenOver() throws Exception {
        PrivateKey key = PrivateKey.generate();
        Path kubo = Files.createDirectory(directory.resolve("kubo"));
        String secret = java.util.Base64.getEncoder().encodeToString(key.toProtobuf());
        Files.writeString(kubo.resolve("config"), "{\"Identity\":{\"PeerID\":\"" + key.peerId() + "\",\"PrivKey\":\"" + secret + "\"},"
                + "\"Addresses\":{\"Swarm\":[\"/ip4/0.0.0.0/tcp/4009\",\"/ip4/0.0.0.0/udp/4009/quic-v1\"],"
                + "\"API\":\"/ip4/127.0.0.1/tcp/5001\",\"Announce\":[\"/dns4/example.org/tcp/4001\"],\"NoAnnounce\":[\"/ip4/10.0.0.0/ipcidr/8\"]},"
                + "\"Bootstrap\":null,\"Swarm\":{\"DisableNatPortMap\":true,\"EnableHolePunching\":false,"
                + "\"RelayService\":{\"Enabled\":true,\"ConnectionDurationLimit\":\"5m0s\",\"MaxCircuits\":null}},\"Discovery\":{\"MDNS\":{\"Enabled\":false}},"
                + "\"Routing\":{\"Type\":\"dhtclient\",\"LoopbackAddressesOnLanDHT\":true,\"Methods\":null},"
                + "\"Peering\":{\"Peers\":null},\"Datastore\":{\"x\":1.5}}");
        Path mine = directory.resolve("mine");
        TestDaemon.Result result = TestDaemon.run(mine, "init", "--from-kubo", kubo.toString());
        assertEquals("peer identity: " + key.peerId() + "\ninitialized " + mine + "\n", result.out());
        assertTrue(result.err().contains("never run both at once"), result.err());
        assertEquals(key.peerId() + "\n", TestDaemon.run(mine, "id", "-f", "<id>\\n").out());
        assertEquals("[\n  \"/ip4/0.0.0.0/tcp/4009\"\n]\n", TestDaemon.run(mine, "config", "Addresses.Swarm").out());
        assertFalse(TestDaemon.run(mine, "config", "show").out().contains(secret));
        Config taken = new ConfigFile(mine).read();
        assertEquals(List.of(), taken.bootstrap());
        assertFalse(taken.isMdnsEnabled());
        assertFalse(taken.isPortMapping());
        assertEquals("true", TestDaemon.run(mine, "config", "Swarm.RelayService.Enabled").out().strip());
        assertEquals("5m0s", TestDaemon.run(mine, "config", "Swarm.RelayService.ConnectionDurationLimit").out().strip());
        assertEquals("false", TestDaemon.run(mine, "config", "Swarm.EnableHolePunching").out().strip());
        assertEquals(DhtMode.CLIENT, taken.dht().orElseThrow().mode());
        assertTrue(taken.dht().orElseThrow().hasLoopback());
        assertEquals("AnnouncePolicy[instead=[/dns4/example.org/tcp/4001], also=[], never=[/ip4/10.0.0.0/ipcidr/8]]", taken.announce().toString());
    }

    @Test
    void routingThatOnlyKuboHasIsToldAndLeftOut() throws Exception {
        PrivateKey key = PrivateKey.generate();
        Files.writeString(directory.resolve("config"), "{\"Identity\":{\"PeerID\":\"" + key.peerId() + "\",\"PrivKey\":\""
                + java.util.Base64.getEncoder().encodeToString(key.toProtobuf()) + "\"},\"Routing\":{\"Type\":\"custom\"}}");
        Path mine = directory.resolve("mine");
        TestDaemon.Result result = TestDaemon.run(mine, "init", "--from-kubo", directory.toString());
        assertEquals(0, result.code());
        assertTrue(result.err().contains("Routing.Type is \"custom\" there, which adit does not have"), result.err());
        assertEquals(DhtMode.AUTO, new ConfigFile(mine).read().dht().orElseThrow().mode());
    }

    @Test
    void kuboRepositoryThatContradictsItselfIsRefusedWithoutItsKey() throws Exception {
        PrivateKey key = PrivateKey.generate();
        String secret = java.util.Base64.getEncoder().encodeToString(key.toProtobuf());
        for (String text : List.of("{\"Identity\":{\"PeerID\":\"" + PrivateKey.generate().peerId() + "\",\"PrivKey\":\"" + secret + "\"}}",
                "{\"Identity\":{\"PrivKey\":\"" + secret + "!\"}}", "{\"Identity\":{\"PrivKey\":\"" + secret + "\"", "{}", "[]")) {
            Files.writeString(directory.resolve("config"), text);
            TestDaemon.Result result = TestDaemon.run(directory.resolve("mine"), "init", "--from-kubo", directory.toString());
            assertEquals(1, result.code());
            assertFalse(result.err().contains(secret.substring(10, 20)), result.err());
        }
        assertFalse(Files.exists(directory.resolve("mine/identity.key")));
        assertEquals(1, TestDaemon.run(directory.resolve("mine"), "init", "--from-kubo", directory.resolve("none").toString()).code());
    }

    @Timeout(600)
    @FuzzTest(maxDuration = "60s")
    void anyTextIsAConfigOrRefused(byte[] text) {
        try {
            Config config = Config.of(JsonText.parse(new String(text, java.nio.charset.StandardCharsets.UTF_8)));
            config.peering();
            config.swarmAddresses();
            config.highWater();
            config.security();
            config.announce();
            config.dnsResolver();
            Config.expanded(config.bootstrap());
            assertEquals(config.tree().toString(), Config.of(JsonText.parse(Json.indented(config.tree(), "  "))).tree().toString());
        } catch (IOException refused) {
            // as it must be
        }
    }

    private static Config config(String text) throws IOException {
        return Config.of(JsonText.parse(text));
    }

    private static List<String> security(String text) throws IOException {
        return config("{\"Swarm\":{\"Transports\":{\"Security\":" + text + "}}}").security();
    }

    private static CommandException refusal(String text) {
        return assertThrows(CommandException.class, () -> config(text));
    }

    private static void assertRefused(String text, String message, String hint) {
        CommandException refusal = refusal(text);
        assertEquals(message, refusal.getMessage());
        assertEquals(hint, refusal.hint());
    }
}
