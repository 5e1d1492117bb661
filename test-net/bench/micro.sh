#!/usr/bin/env bash
# Builds the modules' JMH benchmarks (src/bench) and runs those whose names match. usage: micro.sh [REGEX [JMH OPTION...]]
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
cd "$root"
. tools/lib.sh
. tools/maven.sh
JAVA_HOME=$(find_java_home) || { say_how_to_get_java; exit 1; }
export JAVA_HOME
modules=$(find modules -path '*/src/bench' -printf '%h\n' | sed 's|/src$||' | sort)
jars=build/bench/jmh
"$(find_maven build)" -q -B -Pbench -pl "$(paste -sd, <<<"$modules")" -am test-compile dependency:copy-dependencies \
    -DincludeGroupIds=org.openjdk.jmh,net.sf.jopt-simple,org.apache.commons,org.bouncycastle -DoutputDirectory="$root/$jars" >&2
path=$(for module in modules/*; do printf '%s/target/bench-classes:%s/target/classes:' "$module" "$module"; done)$(printf '%s:' "$jars"/*.jar)
# every module has its own list of benchmarks, and JMH reads only one
list=build/bench/META-INF/BenchmarkList
mkdir -p "$(dirname "$list")"
cat modules/*/target/bench-classes/META-INF/BenchmarkList >"$list"
# AES-GCM takes seconds to become as fast as it is
[ $# -gt 1 ] || set -- "${1-.}" -f 1 -wi 3 -w 2 -i 5 -r 1
exec "$JAVA_HOME/bin/java" -Djmh.ignoreLock=true -cp "build/bench:$path" org.openjdk.jmh.Main -jvmArgs "-XX:+UseSerialGC -XX:+UseCompactObjectHeaders" \
    -foe true "$@"
