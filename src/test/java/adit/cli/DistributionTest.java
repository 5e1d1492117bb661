package adit.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a package holds beside the program: its parts from "(generated)" to "(end)" are made from the commands. */
@Timeout(30)
class DistributionTest {
    @Test
    void manPageListsTheCommands() throws IOException {
        Path page = Path.of("dist/man/adit.1");
        String text = withPart(withPart(Files.readString(page), "options", ManualPage.options()), "commands", ManualPage.commands());
        text = withPart(text, "recipes", ManualPage.recipes());
        assertTrue(text.contains("\"adit " + VersionCommand.VERSION + "\""), "the version stands in the heading");
        assertSame(page, text);
    }

    @Test
    void documentOfRecipesShowsThem() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Recipes.Recipe recipe : Recipes.ALL) {
            text.append("\n## ").append(recipe.name()).append('\n').append(recipe.words()).append('\n');
            block(text, "there", recipe.there());
            block(text, "here", recipe.here());
        }
        Path page = Path.of("../docs/recipes.md");
        assertSame(page, withPart(Files.readString(page), "recipes", text.toString()));
    }

    private static void block(StringBuilder text, String role, List<String> commands) {
        if (!commands.isEmpty()) {
            text.append("\n```sh ").append(role).append('\n').append(String.join("\n", commands)).append("\n```\n");
        }
    }

    @Test
    void bashCompletesTheCommands() throws IOException {
        assertTableIn("dist/completions/adit.bash", UnaryOperator.identity());
    }

    @Test
    void zshCompletesTheCommands() throws IOException {
        assertTableIn("dist/completions/_adit", UnaryOperator.identity());
    }

    @Test
    void fishCompletesTheCommands() throws IOException {
        assertTableIn("dist/completions/adit.fish", row -> "'" + row.replace("\\", "\\\\").replace("'", "\\'") + "' \\");
    }

    private static void assertTableIn(String file, UnaryOperator<String> quote) throws IOException {
        assertSame(Path.of(file), withPart(Files.readString(Path.of(file)), "commands", CommandTable.rows(quote)));
    }

    /** The text with another part of that name. */
    private static String withPart(String text, String name, String part) {
        int begin = text.indexOf('\n', text.indexOf(name + " (generated)"));
        int end = text.lastIndexOf('\n', text.indexOf(name + " (end)"));
        assertTrue(0 < begin && begin <= end, "no part \"" + name + "\"");
        return text.substring(0, begin + 1) + part + text.substring(end + 1);
    }

    private static void assertSame(Path file, String expected) throws IOException {
        assertTrue(expected.chars().allMatch(c -> c < 0x80), "ASCII only, which every terminal shows");
        if (!expected.equals(Files.readString(file))) {
            Path wanted = Path.of("target").resolve(file);
            Files.createDirectories(wanted.getParent());
            Files.writeString(wanted, expected);
            fail("src/" + file + " is not what the commands say; put it right: cp src/" + wanted + " src/" + file);
        }
    }
}
