package adit.cli;

import adit.relay.AddressReachability;
import adit.relay.AutoNat;
import adit.relay.AutoNatEvidence;
import adit.relay.Reachability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Whether this node can be reached, in words and as JSON. */
final class ReachabilityText {
    private ReachabilityText() {}

    /** "public, /ip4/198.51.100.7/tcp/4001: 3 of 3 have dialled it". */
    static String words(AutoNat autoNat) {
        Reachability reachability = autoNat.reachability();
        if (autoNat.isForced()) {
            return word(reachability) + ", because the config says so";
        }
        List<String> addresses = autoNat.addresses().stream().filter(each -> each.reachability() == reachability && each.reached() + each.unreached() > 0)
                .map(ReachabilityText::words).toList();
        String unknown = autoNat.evidence().isEmpty() ? "not known yet, no other peer has told" : "not known yet, too few peers have told";
        return (reachability == Reachability.UNKNOWN ? unknown : word(reachability)) + (addresses.isEmpty() ? "" : ", " + String.join(", ", addresses));
    }

    private static String words(AddressReachability known) {
        return known.address() + ": " + known.reached() + " of " + (known.reached() + known.unreached()) + " have dialled it";
    }

    private static String word(Reachability reachability) {
        return reachability.toString().toLowerCase(Locale.ROOT);
    }

    static Json json(AutoNat autoNat) {
        return Json.object().with("State", word(autoNat.reachability())).with("Forced", autoNat.isForced())
                .withList("Addresses", autoNat.addresses().stream().map(each -> Json.object().with("Address", each.address())
                        .with("State", word(each.reachability())).with("Reached", each.reached()).with("Unreached", each.unreached())).toList());
    }

    /** "12D3Koo… in 198.51.100.9 has dialled it: /ip4/198.51.100.7/tcp/4001 (3 s ago)". */
    static String words(AutoNatEvidence answer) {
        return answer.server() + " at " + answer.serverAddress() + " " + answer.words() + (answer.address() == null ? "" : ": " + answer.address())
                + " (" + StatusCommand.age(Duration.between(answer.at(), Instant.now())) + " ago)";
    }

    static Json json(AutoNatEvidence answer) {
        return Json.object().with("At", answer.at()).with("ID", answer.server()).with("ServerAddress", answer.serverAddress()).with("Address", answer.address())
                .with("State", word(answer.reachability())).with("Text", answer.words());
    }
}
