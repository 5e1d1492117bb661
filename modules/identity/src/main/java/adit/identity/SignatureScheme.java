package adit.identity;

import adit.multiformats.MalformedException;

/** What one key type does with its bytes. */
interface SignatureScheme {
    /** Checks signatures with one public key. */
    @FunctionalInterface
    interface Verifier {
        boolean verify(byte[] message, byte[] signature);
    }

    /** Makes signatures with one private key. */
    interface Signer {
        byte[] sign(byte[] message);

        /** The public key's data as its protobuf carries it. */
        byte[] publicKey();
    }

    /** @param data as in the protobuf; checked */
    Verifier verifier(byte[] data) throws MalformedException;

    /** @param data as in the protobuf; checked; never in an exception's message */
    Signer signer(byte[] data) throws MalformedException;

    static SignatureScheme of(KeyType type) {
        return switch (type) {
            case ED25519 -> new Ed25519Scheme();
            case SECP256K1 -> new Secp256k1Scheme();
            case ECDSA -> new P256Scheme();
            case RSA -> new RsaScheme();
        };
    }
}
