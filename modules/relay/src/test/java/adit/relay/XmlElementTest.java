package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.multiformats.MalformedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class XmlElementTest {
    @Test void elementsTextAndReferencesAreRead() throws Exception {
        XmlElement root = XmlElement.parse("\ufeff<?xml version='1.0' encoding=\"utf-8\"?>\n<!-- a > b -->\n<r:root xmlns:r='u' a = \"x>y'\"><a> one <b/>two </a>"
                + "<c:d\n>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</c:d ><![CDATA[<raw>&amp;]]><!-- no --><?pi?></r:root>\n<!-- end -->\0\0");
        assertEquals("root", root.name());
        assertEquals("<raw>&amp;", root.text());
        assertEquals(Optional.of("one two"), root.textOf("a"));
        assertEquals(Optional.of("<>&\"'A\ud83d\ude00"), root.textOf("d"));
        assertEquals(List.of(new XmlElement("b", "", List.of())), root.named("b"));
        assertEquals(Optional.empty(), root.textOf("none"));
    }

    @Test void whatIsNotWellFormedIsRefused() {
        for (String wrong : List.of("", " ", "x", "<", "<a", "<a>", "<a></b>", "<a></a", "<a><b></a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a b></a>", "<a b=c/>",
                "<a b='c/>", "<a b='<'/>", "< a/>", "<a>&</a>", "<a>&lt</a>", "<a>&#;</a>", "<a>&#x;</a>", "<a>&#xFFFFFFF;</a>", "<a>&#-1;</a>",
                "<a>&#99999999999;</a>", "<a>&nbsp;</a>", "<!DOCTYPE a><a/>", "<a><!DOCTYPE b></a>", "<a><!ENTITY b 'c'></a>", "<!-- <a/>", "<? <a/>",
                "<a><![CDATA[</a>", "<a/ >", "</a>")) {
            assertThrows(MalformedException.class, () -> XmlElement.parse(wrong), wrong);
        }
    }

    @Test void depthAndLengthAreBounded() throws Exception {
        XmlElement.parse("<a>".repeat(32) + "</a>".repeat(32));
        assertThrows(MalformedException.class, () -> XmlElement.parse("<a>".repeat(33) + "</a>".repeat(33)));
        XmlElement.parse("<a>" + "x".repeat(XmlElement.MAXIMUM_CHARACTERS - 7) + "</a>");
        assertThrows(MalformedException.class, () -> XmlElement.parse("<a>" + "x".repeat(XmlElement.MAXIMUM_CHARACTERS - 6) + "</a>"));
    }
}
