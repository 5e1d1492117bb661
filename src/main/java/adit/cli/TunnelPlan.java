package adit.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What must happen so that the tunnels of the config are those that are wanted. */
record TunnelPlan(List<TunnelEntry> opened, List<TunnelEntry> closed, List<Change> changed, int unchanged) {
    /** Two of the same key. */
    record Change(TunnelEntry from, TunnelEntry to) {
        /** "Allow none becomes [...]", all fields that differ. */
        private String words() {
            Map<String, Object> before = from.json();
            Map<String, Object> after = to.json();
            Set<String> names = new LinkedHashSet<>(before.keySet());
            names.addAll(after.keySet());
            List<String> differences = new ArrayList<>();
            for (String name : names) {
                if (!Objects.equals(before.get(name), after.get(name))) {
                    differences.add(name + " " + word(before.get(name)) + " becomes " + word(after.get(name)));
                }
            }
            return String.join(", ", differences);
        }

        private static String word(Object value) {
            return value == null ? "none" : value instanceof String text ? text : Json.write(value);
        }
    }

    static TunnelPlan of(List<TunnelEntry> now, List<TunnelEntry> wanted) {
        Map<String, TunnelEntry> before = new LinkedHashMap<>();
        now.forEach(entry -> before.put(entry.key(), entry));
        List<TunnelEntry> opened = new ArrayList<>();
        List<Change> changed = new ArrayList<>();
        int unchanged = 0;
        for (TunnelEntry entry : wanted) {
            TunnelEntry old = before.remove(entry.key());
            if (old == null) {
                opened.add(entry);
            } else if (old.equals(entry)) {
                unchanged++;
            } else {
                changed.add(new Change(old, entry));
            }
        }
        return new TunnelPlan(opened, List.copyOf(before.values()), changed, unchanged);
    }

    /** One line for each tunnel that is not as it is wanted, one about the others. */
    String words() {
        StringBuilder text = new StringBuilder();
        closed.forEach(entry -> text.append("close ").append(entry.name()).append(" to ").append(entry.targetAddress()).append('\n'));
        changed.forEach(change -> text.append("change ").append(change.from().key()).append(": ").append(change.words()).append('\n'));
        opened.forEach(entry -> text.append("open ").append(entry.name()).append(" to ").append(entry.targetAddress()).append('\n'));
        if (text.isEmpty()) {
            return "nothing to change: " + counted(unchanged) + " as wanted\n";
        }
        return unchanged == 0 ? text.toString() : text + counted(unchanged) + " left alone\n";
    }

    private static String counted(int count) {
        return count + (count == 1 ? " tunnel is" : " tunnels are");
    }

    Json json() {
        return Json.object().with("Open", opened.stream().map(TunnelEntry::json).toList())
                .with("Close", closed.stream().map(TunnelEntry::json).toList())
                .with("Change", changed.stream().map(change -> Json.object().with("From", change.from().json())
                        .with("To", change.to().json())).toList())
                .with("Unchanged", unchanged);
    }
}
