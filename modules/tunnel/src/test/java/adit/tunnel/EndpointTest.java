package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/22, tcp4 127.0.0.1:22",
        "/ip6/::1/tcp/22, tcp6 [::1]:22",
        "/dns4/localhost/tcp/80, tcp4 127.0.0.1:80",
        "/ip6zone/1/ip6/fe80::1/tcp/22, tcp6 [fe80::1%1]:22",
        "/unix/run/service.sock, unix /run/service.sock"})
    void addressesAreShownAsGoShowsThem(String address, String shown) throws Exception {
        Endpoint endpoint = Endpoint.ofTarget(Multiaddr.parse(address));
        assertEquals(shown, endpoint.describe(endpoint.resolve().getFirst()));
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1, address does not contain tcp or udp protocol",
        "/dns4/localhost, address does not contain tcp or udp protocol",
        "/ip4/127.0.0.1/tcp/0, port can not be 0",
        "/ip4/127.0.0.1/udp/0, port can not be 0"})
    void whatKuboRefusesIsRefusedInItsWords(String address, String reason) {
        assertEquals(reason, refusal(address));
    }

    @Test void datagramsAreRefusedWithTheReason() {
        assertTrue(refusal("/ip4/127.0.0.1/udp/53").startsWith("udp is not supported: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/80/http", "/ip4/127.0.0.1/tcp/22/ws"})
    void nothingMayFollowThePort(String address) {
        assertEquals("nothing may follow the port in " + address, refusal(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tcp/80", "/dnsaddr/example.org/tcp/80", "/ip4/127.0.0.1/udp/1/tcp/2", "/ip6zone/lo/ip4/127.0.0.1/tcp/1"})
    void addressesThatCannotBeDialledAreRefused(String address) {
        assertTrue(refusal(address).startsWith("cannot use address " + address));
    }

    @Test void forwardersMayLeaveThePortToTheKernel() throws Exception {
        assertEquals(0, ((InetSocketAddress) Endpoint.ofListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).resolve().getFirst()).getPort());
    }

    @Test void aNameIsResolvedWithinItsFamily() throws Exception {
        List<SocketAddress> addresses = Endpoint.ofTarget(Multiaddr.parse("/dns4/localhost/tcp/80")).resolve();
        assertTrue(addresses.stream().allMatch(address -> ((InetSocketAddress) address).getAddress() instanceof Inet4Address));
    }

    @Test void anUnknownNameIsAnErrorWhenItIsResolvedOnly() throws Exception {
        Endpoint endpoint = Endpoint.ofTarget(Multiaddr.parse("/dns/does-not-exist.invalid/tcp/80"));
        assertThrows(UnknownHostException.class, endpoint::resolve);
    }

    @Test void aSocketPathThatTheKernelCannotTakeIsRefused() throws Exception {
        String longest = "/" + "s".repeat(Endpoint.MAXIMUM_PATH_BYTES - 1);
        assertEquals(List.of(UnixDomainSocketAddress.of(longest)), Endpoint.ofTarget(Multiaddr.parse("/unix" + longest)).resolve());
        assertEquals("path of the unix socket is too long: 107 bytes, at most 106", refusal("/unix" + longest + "s"));
    }

    private static String refusal(String address) {
        return assertThrows(IllegalArgumentException.class, () -> Endpoint.ofTarget(Multiaddr.parse(address))).getMessage();
    }
}
