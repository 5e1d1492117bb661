package adit.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns, one space between them, as Kubo's tables. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final boolean hasHeader;

    /** @param header null for none; printed once, and not over an empty table */
    Table(List<String> header) {
        hasHeader = header != null;
        if (hasHeader) {
            rows.add(header);
        }
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    @Override public String toString() {
        if (hasHeader && rows.size() == 1) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                text.append(cell);
                text.append(column + 1 == row.size() ? "\n" : " ".repeat(width(column) - cell.length() + 1));
            }
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
