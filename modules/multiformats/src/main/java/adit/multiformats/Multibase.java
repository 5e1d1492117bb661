package adit.multiformats;

/** Multibase: text whose first character names its base. */
public enum Multibase {
    BASE16('f'), BASE32('b'), BASE36('k'), BASE58BTC('z'), BASE64('m'), BASE64URL('u');
    Multibase(char code) {}
    /** Without the prefix character. */
    public String encodeBare(byte[] bytes) { throw new UnsupportedOperationException("written next"); }
    public byte[] decodeBare(String text) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    /** With the prefix character. */
    public String encode(byte[] bytes) { throw new UnsupportedOperationException("written next"); }
    public static byte[] decode(String text) throws MalformedException { throw new UnsupportedOperationException("written next"); }
}
