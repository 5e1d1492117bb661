package adit.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Failures in words for a user. */
final class Failures {
    private Failures() {}

    /** The JDK says of a file only its name, and leaves the message of some exceptions empty. */
    static String text(Throwable failure) {
        return switch (failure) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case FileSystemException file -> file.getReason() == null ? file.getMessage() : lowerCase(file.getReason());
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : lowerCase(failure.getMessage());
        };
    }

    /** The kernel's words begin with a capital; names and ids keep theirs. */
    private static String lowerCase(String message) {
        boolean isWord = message.length() > 1 && Character.isLowerCase(message.charAt(1));
        return isWord ? Character.toLowerCase(message.charAt(0)) + message.substring(1) : message;
    }
}
