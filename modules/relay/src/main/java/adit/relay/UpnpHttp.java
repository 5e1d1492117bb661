package adit.relay;

import adit.multiformats.MalformedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Fetches from a UPnP device, and calls the actions of its services by SOAP 1.1 (UPnP Device Architecture 1.1, section 3). */
final class UpnpHttp {
    private final InetAddress local;
    private final Duration timeout;

    /** @param timeout for one exchange, whatever the device does */
    UpnpHttp(InetAddress local, Duration timeout) {
        this.local = local;
        this.timeout = timeout;
    }

    /** A document of the device. */
    XmlElement get(DeviceUrl url) throws IOException {
        HttpAnswer answer = exchange(url, head("GET", url) + "\r\n");
        if (answer.status() != 200) {
            throw new IOException("the device answered with HTTP status " + answer.status());
        }
        return XmlElement.parse(answer.body());
    }

    /**
     * Calls an action.
     *
     * @param service its type, which has passed the test of {@link UpnpService}
     * @param arguments in order; values without characters that XML would want written otherwise
     * @throws UpnpErrorException the device refuses
     */
    XmlElement call(DeviceUrl url, String service, String action, Map<String, String> arguments) throws IOException {
        StringBuilder body = new StringBuilder("<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:" + action + " xmlns:u=\"" + service + "\">");
        arguments.forEach((name, value) -> body.append('<').append(name).append('>').append(value).append("</").append(name).append('>'));
        body.append("</u:").append(action).append("></s:Body></s:Envelope>\r\n");
        HttpAnswer answer = exchange(url, head("POST", url) + "SOAPAction: \"" + service + "#" + action + "\"\r\n"
                + "Content-Type: text/xml; charset=\"utf-8\"\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        if (answer.status() != 200) {
            throw new UpnpErrorException(action, answer.status(), errorCode(answer.body()));
        }
        return XmlElement.parse(answer.body());
    }

    private static int errorCode(String fault) {
        try {
            return Integer.parseInt(XmlElement.parse(fault).textOf("errorCode").orElse("0"));
        } catch (MalformedException | NumberFormatException e) {
            return 0;
        }
    }

    private static String head(String method, DeviceUrl url) {
        return method + " " + url.path() + " HTTP/1.1\r\nHost: " + url.authority() + "\r\nConnection: close\r\nUser-Agent: adit UPnP/1.1\r\n";
    }

    private HttpAnswer exchange(DeviceUrl url, String request) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(local, 0));
            socket.connect(url.server(), Patience.millisecondsUntil(end));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return HttpAnswer.read(new BufferedInputStream(new PatientInput(socket, end)));
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer in time", e);
        }
    }

    /** A device that sends a byte now and then must not hold this thread: the time is looked at before each read. */
    private static final class PatientInput extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final long end;

        PatientInput(Socket socket, long end) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.end = end;
        }

        @Override public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override public int read(byte[] into, int offset, int length) throws IOException {
            socket.setSoTimeout(Patience.millisecondsUntil(end));
            return in.read(into, offset, length);
        }
    }
}
