import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The rules that the code keeps: lengths of files and methods, the arrows between modules as ARCHITECTURE.md draws them,
 * names and calls that are not ours. Prints a table of sizes with --sizes, else one PASS or FAIL line a rule.
 */
public final class Structure {
    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 50;
    private static final int METHOD_LINES_99 = 40;
    private static final int METHOD_LINES_MEDIAN = 8;

    private record Method(Path file, String name, long lines) {}

    private static final List<String> failures = new ArrayList<>();

    private Structure() {}

    public static void main(String[] arguments) throws IOException {
        List<Path> all = javaFiles();
        List<Path> main = all.stream().filter(f -> !f.toString().contains("/test/")).toList();
        List<Method> methods = methods(main);
        methods.sort(Comparator.comparingLong(Method::lines));
        if (arguments.length > 0 && arguments[0].equals("--sizes")) {
            sizes(all, methods);
            return;
        }
        for (Path file : all) {
            long lines = lines(file);
            rule(lines <= FILE_LINES, file + " has " + lines + " lines, at most " + FILE_LINES);
        }
        for (Method method : methods) {
            rule(method.lines() <= METHOD_LINES, method + " is longer than " + METHOD_LINES + " lines");
        }
        rule(percentile(methods, 99) <= METHOD_LINES_99, "99 % of the methods have at most " + METHOD_LINES_99 + " lines, not " + percentile(methods, 99));
        rule(percentile(methods, 50) <= METHOD_LINES_MEDIAN, "the median method has at most " + METHOD_LINES_MEDIAN + " lines, not " + percentile(methods, 50));
        report("files and methods are short");
        arrows();
        report("the modules' arrows are those of ARCHITECTURE.md");
        words(all);
        report("no sleeps, no names without a meaning");
        System.exit(failed ? 1 : 0);
    }

    private static boolean failed;

    private static void rule(boolean kept, String otherwise) {
        if (!kept) {
            failures.add(otherwise);
        }
    }

    private static void report(String rules) {
        System.out.println((failures.isEmpty() ? "PASS" : "FAIL") + " structure: " + rules);
        failures.forEach(f -> System.out.println("    " + f));
        failed |= !failures.isEmpty();
        failures.clear();
    }

    private static List<Path> javaFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("modules", "src")) {
            try (Stream<Path> walk = Files.walk(Path.of(folder))) {
                walk.filter(f -> f.toString().endsWith(".java") && !f.toString().contains("/target/")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static List<Method> methods(List<Path> files) throws IOException {
        List<Method> methods = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, d -> { }, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                LineMap map = unit.getLineMap();
                Path file = Path.of(unit.getSourceFile().getName());
                new TreeScanner<Void, Void>() {
                    @Override public Void visitMethod(MethodTree method, Void nothing) {
                        if (method.getBody() != null) {
                            long from = map.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                            long to = map.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                            methods.add(new Method(file, method.getName().toString(), to - from + 1));
                        }
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
            }
        }
        return methods;
    }

    private static long percentile(List<Method> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)).lines();
    }

    private static void sizes(List<Path> files, List<Method> methods) throws IOException {
        Map<String, long[]> folders = new TreeMap<>();
        for (Path file : files) {
            long[] sums = folders.computeIfAbsent(file.getParent().toString(), f -> new long[3]);
            long lines = lines(file);
            sums[0]++;
            sums[1] += lines;
            sums[2] = Math.max(sums[2], lines);
        }
        System.out.printf("%-60s %6s %8s %8s%n", "folder", "files", "lines", "longest");
        folders.forEach((folder, sums) -> System.out.printf("%-60s %6d %8d %8d%n", folder, sums[0], sums[1], sums[2]));
        System.out.printf("methods %d, lines: median %d, 90 %% %d, 99 %% %d, longest %d (%s)%n", methods.size(), percentile(methods, 50),
                percentile(methods, 90), percentile(methods, 99), methods.getLast().lines(), methods.getLast());
    }

    /** ARCHITECTURE.md has a line "adit.x → adit.y, adit.z" for each module; the module-info says "requires". */
    private static void arrows() throws IOException {
        Map<String, Set<String>> drawn = new TreeMap<>();
        Matcher lines = Pattern.compile("(?m)^(adit\\.\\w+) +→ *(.*)$").matcher(Files.readString(Path.of("ARCHITECTURE.md")));
        while (lines.find()) {
            drawn.put(lines.group(1), names(lines.group(2)));
        }
        Map<String, Set<String>> real = new TreeMap<>();
        for (Path file : javaFiles()) {
            if (file.endsWith("module-info.java")) {
                String text = Files.readString(file);
                Matcher module = Pattern.compile("module (adit\\.\\w+)").matcher(text);
                rule(module.find(), file + " declares no module");
                Set<String> required = new TreeSet<>();
                Matcher requires = Pattern.compile("requires (?:transitive )?(adit\\.\\w+);").matcher(text);
                while (requires.find()) {
                    required.add(requires.group(1));
                }
                real.put(module.group(1), required);
            }
        }
        rule(!real.isEmpty(), "no module found");
        rule(drawn.equals(real), "drawn: " + drawn + "\n    real:  " + real);
    }

    private static Set<String> names(String list) {
        Set<String> names = new TreeSet<>();
        for (String name : list.split("[, ]+")) {
            if (name.startsWith("adit.")) {
                names.add(name);
            }
        }
        return names;
    }

    private static void words(List<Path> files) throws IOException {
        Pattern sleeps = Pattern.compile("Thread\\.sleep|parkNanos|parkUntil");
        Pattern names = Pattern.compile("(class|record|interface|enum) \\w*(Manager|Util|Utils|Helper)\\b");
        for (Path file : files) {
            String text = Files.readString(file);
            rule(!sleeps.matcher(text).find(), file + " sleeps instead of waiting for a condition");
            rule(!names.matcher(text).find(), file + " has a name that says nothing");
            rule(!text.contains("../" + "shared"), file + " names something outside the project");
        }
    }
}
