package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HolePunchMessageTest {
    private static final byte[] ADDRESS = {4, 1, 2, 3, 4, 6, 0x0f, (byte) 0xa1};

    @Test void theBytesAreThoseOfTheSpecification() throws Exception {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/4001");
        HolePunchMessage connect = new HolePunchMessage(HolePunchMessage.Type.CONNECT, List.of(address));
        assertArrayEquals(HexFormat.of().parseHex("08641208" + HexFormat.of().formatHex(ADDRESS)), connect.toBytes());
        assertEquals(connect, HolePunchMessage.parse(connect.toBytes()));
        assertArrayEquals(HexFormat.of().parseHex("08ac02"), new HolePunchMessage(HolePunchMessage.Type.SYNC, List.of()).toBytes());
    }

    @Test void itIsReadWithNothingBehindIt() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new HolePunchMessage(HolePunchMessage.Type.SYNC, List.of()).write(out);
        out.write(7);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        HolePunchMessage.read(HolePunchMessage.Type.SYNC, in);
        assertEquals(7, in.read());
        assertThrows(EOFException.class, () -> HolePunchMessage.read(HolePunchMessage.Type.SYNC, in));
    }

    @Test void anotherMessageThanTheOneThatIsDueIsRefused() {
        ByteArrayInputStream sync = new ByteArrayInputStream(new byte[] {3, 8, (byte) 0xac, 2});
        assertThrows(MalformedException.class, () -> HolePunchMessage.read(HolePunchMessage.Type.CONNECT, sync));
        assertThrows(MalformedException.class, () -> HolePunchMessage.parse(new byte[] {8, 101}));
        assertThrows(MalformedException.class, () -> HolePunchMessage.parse(new byte[0]));
    }

    @Test void noMoreAddressesAreKeptThanAreDialled() throws Exception {
        ProtobufWriter many = new ProtobufWriter().varint(1, 100).bytes(2, new byte[] {1, 2, 3});
        for (int i = 0; i < 100; i++) {
            many.bytes(2, ADDRESS);
        }
        assertEquals(HolePunchMessage.MAXIMUM_ADDRESSES, HolePunchMessage.parse(many.toBytes()).addresses().size());
        List<Multiaddr> own = Collections.nCopies(100, Multiaddr.parse("/ip4/1.2.3.4/tcp/4001"));
        assertEquals(HolePunchMessage.MAXIMUM_ADDRESSES, new HolePunchMessage(HolePunchMessage.Type.CONNECT, own).addresses().size());
    }

    @Test void aLengthBeyondTheLimitIsRefusedUnread() {
        assertThrows(MalformedException.class, () -> HolePunchMessage.read(HolePunchMessage.Type.SYNC, new ByteArrayInputStream(new byte[] {(byte) 0x81, 0x20})));
    }
}
