package adit.transport;
final class Upgrader { static final String MUXER = "/yamux/1.0.0"; Upgrader(adit.identity.PrivateKey k, TransportSettings s, BufferPool p) {} SecureChannel secure(java.nio.channels.ByteChannel raw, Role role, adit.identity.PeerId e) throws java.io.IOException { throw new UnsupportedOperationException("written next"); } }
