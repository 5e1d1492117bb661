package adit.tunnel;

import java.time.Instant;

/**
 * One connection going through a tunnel, as `stream ls` shows it.
 *
 * @param id one counter per daemon, from 0; given once both ends are open
 * @param protocol the tunnel's name
 * @param originAddress the client's address at a forwarder, "/p2p/REMOTE" at a listener
 * @param targetAddress "/p2p/REMOTE" at a forwarder, the service's address at a listener
 * @param opened when both ends were open
 * @param received payload bytes from the remote peer so far
 * @param sent payload bytes to the remote peer so far
 */
public record LiveStream(long id, String protocol, String originAddress, String targetAddress, Instant opened, long received, long sent) {}
