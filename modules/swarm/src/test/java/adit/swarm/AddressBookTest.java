package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AddressBookTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Clock clock = new Clock();
    private final List<PeerId> news = new ArrayList<>();
    private final AddressBook book = new AddressBook(TestSettings.book(3, 4), clock, news::add);
    private final PeerId peer = Peers.some();

    private static List<Multiaddr> ports(int... ports) {
        List<Multiaddr> addresses = new ArrayList<>();
        for (int port : ports) {
            addresses.add(Peers.address("/ip4/192.0.2.1/tcp/" + port));
        }
        return addresses;
    }

    @Test void addressIsKeptWithoutThePeerId() {
        book.add(peer, Peers.addresses("/ip4/192.0.2.1/tcp/1/p2p/" + peer), MINUTE);
        assertEquals(ports(1), book.addresses(peer));
    }

    @Test void addressOfAnotherPeerIsNotThisPeers() {
        book.add(peer, Peers.addresses("/ip4/192.0.2.1/tcp/1/p2p/" + Peers.some(), "/p2p/" + peer), MINUTE);
        assertEquals(List.of(), book.addresses(peer));
        assertTrue(book.all().isEmpty());
    }

    @Test void relayedAddressKeepsTheRelaysPeerId() {
        String relayed = "/ip4/192.0.2.1/tcp/1/p2p/" + Peers.some() + "/p2p-circuit";
        book.add(peer, Peers.addresses(relayed + "/p2p/" + peer), MINUTE);
        assertEquals(Peers.addresses(relayed), book.addresses(peer));
    }

    @Test void addressExpires() {
        book.add(peer, ports(1), MINUTE);
        book.add(peer, ports(2), MINUTE.multipliedBy(2));
        clock.pass(MINUTE);
        assertEquals(ports(2), book.addresses(peer));
        clock.pass(MINUTE);
        assertEquals(List.of(), book.addresses(peer));
        assertTrue(book.all().isEmpty());
    }

    @Test void foreverOutlivesAYear() {
        book.add(peer, ports(1), AddressBook.FOREVER);
        clock.pass(Duration.ofDays(366));
        assertEquals(ports(1), book.addresses(peer));
    }

    @Test void lifeIsNeverShortened() {
        book.add(peer, ports(1), MINUTE.multipliedBy(2));
        book.add(peer, ports(1), MINUTE);
        clock.pass(MINUTE);
        assertEquals(ports(1), book.addresses(peer));
        assertEquals(MINUTE, book.known(peer).getFirst().life());
    }

    @Test void betterSourceStays() {
        book.add(peer, ports(1), MINUTE, Source.USER);
        book.add(peer, ports(1), MINUTE, Source.IDENTIFY);
        assertEquals(Source.USER, book.known(peer).getFirst().source());
    }

    @Test void worstSourceMakesRoom() {
        book.add(peer, ports(1), MINUTE, Source.USER);
        book.add(peer, ports(2, 3, 4, 5, 6), AddressBook.FOREVER, Source.IDENTIFY);
        assertEquals(3, book.addresses(peer).size());
        assertEquals(ports(1).getFirst(), book.addresses(peer).getFirst());
        book.add(peer, ports(7, 8), MINUTE, Source.DIALLED);
        assertEquals(ports(1, 7, 8), book.addresses(peer));
    }

    @Test void peerNotAskedForLongestIsForgotten() {
        List<PeerId> peers = List.of(Peers.some(), Peers.some(), Peers.some(), Peers.some());
        peers.forEach(each -> book.add(each, ports(1), MINUTE));
        book.addresses(peers.get(0));
        book.add(peer, ports(1), MINUTE);
        assertEquals(List.of(), book.addresses(peers.get(1)));
        assertEquals(ports(1), book.addresses(peers.get(0)));
        assertEquals(4, book.all().size());
    }

    @Test void peerWithAnAddressForEverIsForgottenLast() {
        book.add(peer, ports(1), AddressBook.FOREVER);
        for (int i = 0; i < 10; i++) {
            book.add(Peers.some(), ports(1), MINUTE);
        }
        assertEquals(ports(1), book.addresses(peer));
        for (int i = 0; i < 10; i++) {
            book.add(Peers.some(), ports(1), AddressBook.FOREVER);
        }
        assertEquals(4, book.all().size());
    }

    @Test void addressesAreBoundedInAll() {
        AddressBook large = new AddressBook(TestSettings.book(8, 100), clock, ignored -> { });
        for (int i = 0; i < 100; i++) {
            large.add(Peers.some(), ports(1, 2, 3, 4, 5, 6, 7, 8), MINUTE);
        }
        assertEquals(400, large.all().values().stream().mapToInt(List::size).sum());
    }

    @Test void replacingTouchesOneSourceOnly() {
        book.add(peer, ports(1), MINUTE, Source.USER);
        book.add(peer, ports(2, 3), AddressBook.FOREVER, Source.IDENTIFY);
        book.replace(peer, ports(3), MINUTE, Source.IDENTIFY);
        assertEquals(ports(1, 3), book.addresses(peer));
        assertEquals(MINUTE, book.known(peer).get(1).life());
    }

    @Test void onlyAnAddressThatWasUnknownIsNews() {
        book.add(peer, ports(1), MINUTE);
        book.add(peer, ports(1), MINUTE);
        book.replace(peer, ports(1), MINUTE, Source.USER);
        assertEquals(List.of(peer), news);
        book.replace(peer, ports(2), MINUTE, Source.USER);
        assertEquals(List.of(peer, peer), news);
    }

    @Test void removedPeerIsGone() {
        book.add(peer, ports(1), MINUTE);
        book.remove(peer);
        assertFalse(book.all().containsKey(peer));
        assertEquals(List.of(), book.addresses(peer));
    }

    @Test void lifelessAddressIsNotTaken() {
        book.add(peer, ports(1), Duration.ZERO);
        assertEquals(List.of(), book.addresses(peer));
    }
}
