package adit.transport;

/** Received plaintext: a range of a buffer. Who takes it over releases the buffer. */
record Segment(Buffer buffer, int offset, int length) {}
