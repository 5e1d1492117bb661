# Shared by the scripts in this folder and by the launcher: finds what they need. POSIX sh; source it.

# Prints the home of a JDK or Java runtime of version 25 or later, and leaves it in java_home; fails when there is none.
# The launcher runs for every command, so this starts a process only where java is known from the PATH alone.
find_java_home() {
    for java_home in "${JAVA_HOME:-}" /usr/lib/jvm/* "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
            /opt/*jdk* /opt/java/* /usr/local/*jdk*; do
        if [ -x "$java_home/bin/java" ] && is_java_25 "$java_home"; then
            printf '%s\n' "$java_home"
            return 0
        fi
    done
    java_home=$(command -v java) || return 1
    java_home=$(readlink -f "$java_home")
    java_home=${java_home%/bin/java}
    is_java_25 "$java_home" && printf '%s\n' "$java_home"
}

# Reads the release file: starting a JVM to ask it would take longer than the command.
is_java_25() {
    [ -f "$1/release" ] || return 1
    while IFS= read -r release_line; do
        case $release_line in
            JAVA_VERSION=\"2[5-9]*|JAVA_VERSION=\"[3-9][0-9]*) return 0 ;;
        esac
    done <"$1/release"
    return 1
}

say_how_to_get_java() {
    echo "adit: error: Java 25 or later was not found (looked at JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, ~/.jdks, /opt)" >&2
    echo "adit: hint: install it (Debian 13: apt install openjdk-25-jdk-headless; others: https://adoptium.net), or set JAVA_HOME to where it is" >&2
}

# dump_classes JAVA...: writes adit.jsa, the classes of adit.jar, both in the current folder, and of that Java as they lie in memory, so
# that no start reads and checks them again. Equal input makes equal bytes: the class path has a name that is the same everywhere, of
# which a JVM compares the end only. A JVM that the archive does not fit ignores it.
dump_classes() {
    "$@" -Xshare:dump -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED -XX:SharedArchiveFile=adit.jsa \
        -XX:SharedClassListFile="$root/src/dist/startup-classes" -cp /proc/self/cwd/adit.jar
}
