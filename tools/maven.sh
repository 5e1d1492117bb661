# Finds Maven, or gets it from Maven Central into a folder of the build. POSIX sh; source it.

maven_version=3.9.11
maven_sha512=bcfe4fe305c962ace56ac7b5fc7a08b87d5abd8b7e89027ab251069faebee516b0ded8961445d6d91ec1985dfe30f8153268843c89aa392733d1a3ec956c9978

# find_maven FOLDER: prints the path of mvn
find_maven() {
    if command -v mvn >/dev/null 2>&1; then
        command -v mvn
        return 0
    fi
    home=$1/apache-maven-$maven_version
    if [ ! -x "$home/bin/mvn" ]; then
        mkdir -p "$1"
        archive=$1/maven.tar.gz
        echo "getting Maven $maven_version from Maven Central" >&2
        curl -fsSL --max-time 300 -o "$archive" \
            "https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/$maven_version/apache-maven-$maven_version-bin.tar.gz"
        echo "$maven_sha512  $archive" | sha512sum -c --status || { echo "adit: error: $archive is not the Maven that was expected" >&2; exit 1; }
        tar -xzf "$archive" -C "$1"
        rm -f "$archive"
    fi
    printf '%s\n' "$home/bin/mvn"
}
