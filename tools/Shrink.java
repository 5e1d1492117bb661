import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Writes one jar with the classes that a program can reach, out of all jars of its class path: of Bouncy Castle that is a twentieth,
 * and the manifest with a digest of each of its files, which a JVM holds in its heap, stays behind.
 *
 * <pre>usage: java tools/Shrink.java OUTPUT.jar MAIN_CLASS INPUT.jar...</pre>
 *
 * A class is reachable when a reachable one names it: in its constant pool, in a descriptor or a signature there, or as a string that
 * is a class's name, as {@code Class.forName} takes it. Equal input makes equal bytes: nothing in the jar has a time.
 */
final class Shrink {
    /** The names in a descriptor or signature: Ljava/lang/String; or Ljava/util/List<…>;. */
    private static final Pattern NAMES = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)");

    private static final String CLASS = ".class";
    private static final LocalDateTime ZIP_EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Map<String, byte[]> all = new TreeMap<>();
    private final Map<String, byte[]> reached = new TreeMap<>();
    private final Deque<byte[]> unread = new ArrayDeque<>();

    private final String main;
    /** The program's own package, the first part of the main class's name: of its resources all are taken. */
    private final String ownFolder;

    private Shrink(String main) {
        this.main = main;
        ownFolder = main.substring(0, main.indexOf('/') + 1);
    }

    public static void main(String[] arguments) throws IOException {
        Shrink shrink = new Shrink(arguments[1].replace('.', '/'));
        for (String jar : List.of(arguments).subList(2, arguments.length)) {
            shrink.read(Path.of(jar));
        }
        shrink.follow();
        shrink.write(Path.of(arguments[0]));
    }

    private void read(Path jar) throws IOException {
        try (InputStream file = Files.newInputStream(jar); ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                // classes for certain versions of Java are all for older ones than ours; a module of one jar is none
                if (name.endsWith(CLASS) && !name.startsWith("META-INF/") && !name.equals("module-info.class")) {
                    all.putIfAbsent(name.substring(0, name.length() - CLASS.length()), zip.readAllBytes());
                } else if (name.startsWith(ownFolder) && !entry.isDirectory()) {
                    reached.put(name, zip.readAllBytes());
                }
            }
        }
    }

    private void reach(String name) {
        byte[] bytes = all.get(name);
        if (bytes != null && reached.putIfAbsent(name + CLASS, bytes) == null) {
            unread.add(bytes);
        }
    }

    private void follow() throws IOException {
        reach(main);
        if (unread.isEmpty()) {
            throw new IOException("no class " + main);
        }
        while (!unread.isEmpty()) {
            ClassModel model = ClassFile.of().parse(unread.remove());
            for (PoolEntry entry : model.constantPool()) {
                switch (entry) {
                    case ClassEntry type -> reach(type.asInternalName());
                    case StringEntry string -> reach(string.stringValue().replace('.', '/'));
                    case Utf8Entry text -> reachNamesIn(text.stringValue());
                    default -> { }
                }
            }
        }
    }

    private void reachNamesIn(String text) {
        for (Matcher names = NAMES.matcher(text); names.find();) {
            reach(names.group(1));
        }
    }

    private void write(Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(9);
            for (Map.Entry<String, byte[]> file : reached.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(ZIP_EPOCH);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        System.out.printf("%s: %d files of %d classes, %d bytes%n", jar.getFileName(), reached.size(), all.size(), Files.size(jar));
    }
}
