package adit.transport;

/** Which part an end plays in a handshake. It comes from the protocol, not from who called connect (simultaneous open). */
public enum Role { INITIATOR, RESPONDER }
