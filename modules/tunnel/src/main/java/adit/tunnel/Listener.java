package adit.tunnel;

import java.time.Instant;

/** The side with the service. */
public final class Listener implements Tunnel {
    Listener() {}
    @Override public String protocol() { throw new UnsupportedOperationException("written next"); }
    @Override public String listenAddress() { throw new UnsupportedOperationException("written next"); }
    @Override public String targetAddress() { throw new UnsupportedOperationException("written next"); }
    @Override public Instant opened() { throw new UnsupportedOperationException("written next"); }
    @Override public Counters counters() { throw new UnsupportedOperationException("written next"); }
    @Override public String lastError() { throw new UnsupportedOperationException("written next"); }
}
