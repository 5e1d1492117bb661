package adit.identity;

import java.io.IOException;
import java.nio.file.Path;

/** identity.key: the private key as libp2p protobuf, mode 0600. */
public final class KeyFile {
    private KeyFile() {}
    /** Refuses a file that group or others can read or write, one owned by someone else, or one that is malformed: message says what to do. */
    public static PrivateKey read(Path file) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Creates, never overwrites (FileAlreadyExistsException); a crash leaves no half file. */
    public static void create(Path file, PrivateKey key) throws IOException { throw new UnsupportedOperationException("written next"); }
}
