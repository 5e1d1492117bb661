package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.tunnel.Grant;
import adit.tunnel.Grants;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Grants as people write them: a peer and, after an @, how long. */
final class GrantText {
    private GrantText() {}

    /**
     * What --allow takes, null for anyone: "12D3KooW…,12D3KooW…@8h,12D3KooW…@2026-12-31".
     *
     * @throws IOException a peer or an end that is none, or has passed
     */
    static Grants list(String text, PeerNames names) throws IOException {
        if (text == null) {
            return Grants.ANYONE;
        }
        Instant now = Instant.now();
        List<Grant> grants = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            int at = word.indexOf('@');
            PeerId peer = names.resolve(at < 0 ? word.strip() : word.substring(0, at).strip()).peer();
            grants.add(new Grant(peer, at < 0 ? null : end(word.substring(at + 1).strip(), now)));
        }
        return Grants.only(grants);
    }

    /**
     * When a grant ends: "8h" from now, "2026-12-31" with that day of this machine, or at "2026-12-31T18:00:00Z".
     *
     * @throws CommandException it is none of these, or not in the future
     */
    static Instant end(String text, Instant now) throws CommandException {
        Instant end;
        try {
            if (text.indexOf('T') > 0) {
                end = ZonedDateTime.parse(text).toInstant();
            } else if (text.indexOf('-') > 0) {
                end = LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneId.systemDefault()).toInstant();
            } else {
                end = now.plus(GoDuration.parse(text)).truncatedTo(ChronoUnit.SECONDS);
                end = end.isAfter(now) ? end : now.plus(GoDuration.parse(text));
            }
        } catch (DateTimeException | UsageException wrong) {
            throw new CommandException("\"" + text + "\" is neither a duration nor a date",
                    "write it like 30m, 8h, 2026-12-31 or 2026-12-31T18:00:00Z", wrong);
        }
        if (!end.isAfter(now)) {
            throw new CommandException("\"" + text + "\" is over already");
        }
        return end;
    }

    /** As the config has it, {@link Grant#toString}: an end may have passed since. */
    static Grant saved(String text) throws MalformedException {
        int at = text.indexOf('@');
        try {
            return at < 0 ? new Grant(PeerId.parse(text), null)
                    : new Grant(PeerId.parse(text.substring(0, at)), Instant.parse(text.substring(at + 1)));
        } catch (DateTimeException wrong) {
            throw new MalformedException("the end of the grant " + text + " must be written like 2026-12-31T18:00:00Z", wrong);
        }
    }

    /** "until 2026-12-31T00:00:00Z", "ended …", "for ever". */
    static String words(Grant grant) {
        return grant.until() == null ? "for ever" : (grant.isValid(Instant.now()) ? "until " : "ended ") + grant.until();
    }
}
