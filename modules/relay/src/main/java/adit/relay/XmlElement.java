package adit.relay;

import adit.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An element of the XML that gateways write. A document type is refused, so there are no entities but the five of XML itself, and
 * nothing is ever fetched. Attributes are read and dropped.
 *
 * @param name without the prefix of its namespace
 * @param text its own, without that of elements in it, stripped
 */
record XmlElement(String name, String text, List<XmlElement> children) {
    /** Longest document. */
    static final int MAXIMUM_CHARACTERS = 64 << 10;

    private static final int MAXIMUM_DEPTH = 32;
    private static final int MAXIMUM_REFERENCE = 10;

    /** @throws MalformedException it is not well-formed, too long, too deep, or has a document type */
    static XmlElement parse(String document) throws MalformedException {
        if (document.length() > MAXIMUM_CHARACTERS) {
            throw new MalformedException("XML of more than " + MAXIMUM_CHARACTERS + " characters");
        }
        Scanner scanner = new Scanner(document);
        scanner.skipMiscellany();
        XmlElement root = scanner.element(1);
        scanner.skipMiscellany();
        if (scanner.at < document.length()) {
            throw new MalformedException("XML: more than one element at the top");
        }
        return root;
    }

    /** This element and those in it at any depth that have the name, in the document's order. */
    List<XmlElement> named(String wanted) {
        List<XmlElement> found = new ArrayList<>();
        collect(wanted, found);
        return found;
    }

    private void collect(String wanted, List<XmlElement> found) {
        if (name.equals(wanted)) {
            found.add(this);
        }
        children.forEach(child -> child.collect(wanted, found));
    }

    /** Text of the first element of that name. */
    Optional<String> textOf(String wanted) {
        return named(wanted).stream().findFirst().map(XmlElement::text);
    }

    /** Reads from left to right; never past the end. */
    private static final class Scanner {
        private final String document;
        private int at;

        Scanner(String document) {
            this.document = document;
        }

        private boolean sees(String text) {
            return document.startsWith(text, at);
        }

        private boolean takes(String text) {
            if (sees(text)) {
                at += text.length();
                return true;
            }
            return false;
        }

        private void demand(String text) throws MalformedException {
            if (!takes(text)) {
                throw new MalformedException("XML: no " + text + " at " + at);
            }
        }

        private String until(String end) throws MalformedException {
            int found = document.indexOf(end, at);
            if (found < 0) {
                throw new MalformedException("XML: no " + end + " after " + at);
            }
            String passed = document.substring(at, found);
            at = found + end.length();
            return passed;
        }

        private char peek() throws MalformedException {
            if (at >= document.length()) {
                throw new MalformedException("XML: it ends too early");
            }
            return document.charAt(at);
        }

        private void skipSpace() {
            while (at < document.length() && document.charAt(at) <= ' ') {
                at++;
            }
        }

        /** What may stand before and after the one element; devices put a byte order mark and zeros there as well. */
        void skipMiscellany() throws MalformedException {
            takes("\ufeff");
            skipSpace();
            while (skipsRemark()) {
                skipSpace();
            }
        }

        private boolean skipsRemark() throws MalformedException {
            if (takes("<!--")) {
                until("-->");
            } else if (takes("<?")) {
                until("?>");
            } else {
                return false;
            }
            return true;
        }

        XmlElement element(int depth) throws MalformedException {
            demand("<");
            if (depth > MAXIMUM_DEPTH) {
                throw new MalformedException("XML: deeper than " + MAXIMUM_DEPTH);
            }
            String full = name();
            String local = full.substring(full.indexOf(':') + 1);
            if (skipAttributes()) {
                return new XmlElement(local, "", List.of());
            }
            StringBuilder text = new StringBuilder();
            List<XmlElement> children = new ArrayList<>();
            while (!takes("</")) {
                if (takes("<![CDATA[")) {
                    text.append(until("]]>"));
                } else if (sees("<!--") || sees("<?")) {
                    skipsRemark();
                } else if (sees("<")) {
                    children.add(element(depth + 1));
                } else {
                    character(text);
                }
            }
            demand(full);
            skipSpace();
            demand(">");
            return new XmlElement(local, text.toString().strip(), List.copyOf(children));
        }

        private String name() throws MalformedException {
            int start = at;
            while (Character.isLetterOrDigit(peek()) || "_:.-".indexOf(peek()) >= 0) {
                at++;
            }
            if (at == start) {
                throw new MalformedException("XML: no name at " + at);
            }
            return document.substring(start, at);
        }

        /** True when the element has ended with them. */
        private boolean skipAttributes() throws MalformedException {
            skipSpace();
            while (peek() != '>' && peek() != '/') {
                name();
                skipSpace();
                demand("=");
                skipSpace();
                String quote = takes("'") ? "'" : "\"";
                if (quote.equals("\"")) {
                    demand(quote);
                }
                if (until(quote).indexOf('<') >= 0) {
                    throw new MalformedException("XML: < in an attribute");
                }
                skipSpace();
            }
            boolean isEmpty = takes("/");
            demand(">");
            return isEmpty;
        }

        private void character(StringBuilder text) throws MalformedException {
            char next = peek();
            at++;
            if (next != '&') {
                text.append(next);
                return;
            }
            String reference = until(";");
            switch (reference) {
                case "lt" -> text.append('<');
                case "gt" -> text.append('>');
                case "amp" -> text.append('&');
                case "quot" -> text.append('"');
                case "apos" -> text.append('\'');
                default -> text.appendCodePoint(codePoint(reference));
            }
        }

        /** Of a character reference, #169 or #xa9. */
        private static int codePoint(String reference) throws MalformedException {
            try {
                if (reference.length() <= MAXIMUM_REFERENCE && reference.startsWith("#")) {
                    int point = reference.startsWith("#x") ? Integer.parseInt(reference, 2, reference.length(), 16)
                            : Integer.parseInt(reference, 1, reference.length(), 10);
                    if (Character.isValidCodePoint(point)) {
                        return point;
                    }
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new MalformedException("XML: an unknown entity");
        }
    }
}
