package adit.relay;

import adit.swarm.StreamQuota;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.util.List;
import java.util.stream.Stream;

/** Tells others whether they can be reached, by both versions. The monitor guards whether it does. */
final class AutoNatService implements AutoCloseable {
    /** Streams of one peer beyond those that are served: they are told that there are too many. */
    private static final int SPARE_STREAMS = 4;

    private final Swarm swarm;
    private final StreamQuota versionOne;
    private final StreamQuota versionTwo;
    private boolean isServing;

    AutoNatService(Swarm swarm, AutoNatSettings settings, Loops loops, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        DialBackRule rule = new DialBackRule(() -> Stream.of(swarm.ownAddresses().ofInterfaces(), swarm.announcedAddresses()).flatMap(List::stream).toList(),
                settings.hasLocalAddresses());
        DialBackDialler dialler = new DialBackDialler(loops, deadlines, log);
        versionOne = new StreamQuota(settings.dialsPeer() + SPARE_STREAMS, new AutoNatV1Server(settings, rule, dialler,
                new RequestThrottle(settings.dials(), settings.dialsPeer(), settings.limitPeriod(), System::nanoTime), deadlines));
        versionTwo = new StreamQuota(settings.requestsParallel() + SPARE_STREAMS, new AutoNatV2Server(settings, rule, dialler,
                new RequestThrottle(settings.requests(), settings.requestsPeer(), settings.limitPeriod(), System::nanoTime),
                new RequestThrottle(settings.requestsData(), settings.requestsData(), settings.limitPeriod(), System::nanoTime), deadlines));
    }

    /** Whether others are served from now on; requests that are under way end by themselves. */
    synchronized void serve(boolean isWanted) {
        if (isWanted == isServing) {
            return;
        }
        isServing = isWanted;
        if (isWanted) {
            swarm.handle(AutoNatV1Message.PROTOCOL, true, versionOne);
            swarm.handle(AutoNatV2Message.DIAL_REQUEST, true, versionTwo);
        } else {
            swarm.unhandle(AutoNatV1Message.PROTOCOL);
            swarm.unhandle(AutoNatV2Message.DIAL_REQUEST);
        }
    }

    synchronized boolean isServing() {
        return isServing;
    }

    @Override public void close() {
        serve(false);
    }
}
