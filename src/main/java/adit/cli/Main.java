package adit.cli;

/** The program's entry. */
public final class Main {
    private Main() {}
    /** Exits 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        throw new UnsupportedOperationException("written next");
    }
}
