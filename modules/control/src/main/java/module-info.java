/** The control channel: HTTP/1.1 over a unix socket, server and client. */
module adit.control {
    requires jdk.net;
    exports adit.control;
}
