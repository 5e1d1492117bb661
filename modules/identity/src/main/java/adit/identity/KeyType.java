package adit.identity;

/** Key types of the peer-id specification; ordinal is the protobuf enum value. */
public enum KeyType { RSA, ED25519, SECP256K1, ECDSA }
