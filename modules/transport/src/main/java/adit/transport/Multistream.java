package adit.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Predicate;

/** multistream-select 1.0. Never reads beyond its own messages. */
public final class Multistream {
    private Multistream() {}
    /** Initiator: proposes in order, header and first proposal in one write; ProtocolNotSupportedException when all are refused. */
    public static String propose(InputStream in, OutputStream out, List<String> protocols) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Responder: answers "na" to what is not supported, a bounded number of times; "ls" is answered "na". */
    public static String accept(InputStream in, OutputStream out, Predicate<String> supported) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Header and proposal as bytes, for a lazy open. */
    static byte[] proposal(String protocol) { throw new UnsupportedOperationException("written next"); }
    /** Reads header and answer to a lazy proposal. */
    static void readAnswer(InputStream in, String protocol) throws IOException { throw new UnsupportedOperationException("written next"); }
}
