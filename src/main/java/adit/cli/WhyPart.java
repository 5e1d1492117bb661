package adit.cli;

import adit.identity.PeerId;
import java.io.IOException;

/** One part of the report of "adit why": looks at one thing and adds what it finds. */
@FunctionalInterface
interface WhyPart {
    /**
     * May block, within bounds of its own.
     *
     * @param peer whom the report is about; this node itself in a report on it
     * @throws IOException the client has gone
     */
    void look(Daemon daemon, PeerId peer, WhyReport report) throws IOException, InterruptedException;
}
