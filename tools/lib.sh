# Shared by the scripts in this folder and by the launcher: finds what they need. POSIX sh; source it.

# Prints the home of a JDK or Java runtime of version 25 or later; fails when there is none.
find_java_home() {
    for candidate in "${JAVA_HOME:-}" "$(path_java_home)" /usr/lib/jvm/* "${HOME:-/}"/.sdkman/candidates/java/* \
            "${HOME:-/}"/.jdks/* /opt/*jdk* /opt/java/* /usr/local/*jdk*; do
        if [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] && [ "$(java_version "$candidate")" -ge 25 ] 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# The home that the `java` of PATH belongs to.
path_java_home() {
    found=$(command -v java) || return 0
    found=$(readlink -f "$found")
    printf '%s\n' "${found%/bin/java}"
}

# Major version of the Java in that home, read from its release file: starting a JVM to ask would take longer than the command.
java_version() {
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

say_how_to_get_java() {
    echo "adit: error: Java 25 or later was not found (looked at JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, ~/.jdks, /opt)" >&2
    echo "adit: hint: install it (Debian 13: apt install openjdk-25-jdk-headless; others: https://adoptium.net), or set JAVA_HOME to where it is" >&2
}
