/** The program: command line, configuration, and the wiring of the daemon. */
module adit.cli {
    requires adit.dht;
    requires adit.relay;
    requires adit.tunnel;
    requires adit.pairing;
    requires adit.control;
    requires com.google.gson;
    requires jdk.unsupported;
}
