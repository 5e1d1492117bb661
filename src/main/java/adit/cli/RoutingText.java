package adit.cli;

import adit.dht.Dht;
import adit.dht.OutsideView;
import java.time.Duration;

/** How it stands with the DHT, in words and as JSON. */
final class RoutingText {
    private RoutingText() {}

    /** "public: client, 12 peers; local: server, 1 peer; refreshed 3 s ago". */
    static String words(Dht.Status status) {
        String refreshed = status.sinceRefresh() == null ? "not refreshed yet" : "refreshed " + StatusCommand.age(status.sinceRefresh()) + " ago";
        return "public: " + side(status.isWideServer(), status.wideSize()) + "; local: " + side(status.isLocalServer(), status.localSize()) + "; "
                + refreshed;
    }

    private static String side(boolean isServer, int size) {
        return mode(isServer) + ", " + size + (size == 1 ? " peer" : " peers");
    }

    private static String mode(boolean isServer) {
        return isServer ? "server" : "client";
    }

    static Json json(Dht.Status status) {
        return Json.object().with("PublicPeers", status.wideSize()).with("PublicMode", mode(status.isWideServer()))
                .with("LocalPeers", status.localSize()).with("LocalMode", mode(status.isLocalServer()))
                .with("SecondsSinceRefresh", status.sinceRefresh() == null ? null : status.sinceRefresh().toSeconds());
    }

    /** "in the public network: yes, 18 of the 20 nearest peers tell where it is, the first after 340 ms". */
    static String words(OutsideView view) {
        String network = view.isWide() ? "in the public network: " : "in the local network: ";
        if (view.nearest() == 0) {
            return network + "not known, none of " + view.asked() + " peers asked has answered";
        }
        String tellers = view.telling() + " of the " + view.nearest() + " nearest peers tell where it is";
        return network + (view.isFound() ? "yes, " + tellers + ", the first after " + milliseconds(view.firstAfter()) : "no, " + tellers);
    }

    private static String milliseconds(Duration duration) {
        return duration.toMillis() + " ms";
    }

    static Json json(OutsideView view) {
        return Json.object().with("Network", view.isWide() ? "public" : "local").with("Found", view.isFound()).with("Asked", view.asked())
                .with("Nearest", view.nearest()).with("Telling", view.telling()).withList("Addresses", view.addresses())
                .with("FirstAfterMilliseconds", view.firstAfter() == null ? null : view.firstAfter().toMillis());
    }
}
