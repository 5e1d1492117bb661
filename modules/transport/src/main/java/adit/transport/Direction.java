package adit.transport;

/** Who opened a connection or a stream. */
public enum Direction { INBOUND, OUTBOUND }
