package adit.cli;

import java.util.List;

/** Working examples: what "adit help recipes", the man page and docs/recipes.md show, and what a test runs with the real programs. */
final class Recipes {
    /** What stands in the examples for others. */
    static final String WORDS = """
            "there" is the machine with the service, its peer id 12D3KooWPeer; "here" the one that wants to use it, with 12D3KooWMine.
            "adit id -f '<id>'" prints a machine's own. With --save a tunnel is there again at every start, without --allow any peer may use it.
            Instead of the first two commands "adit invite /x/NAME TARGET" there and "adit accept CODE ADDRESS" here do the same without any id.
            Kubo on either side: "ipfs p2p listen" and "ipfs p2p forward", without --save and --allow.
            """;

    static final List<Recipe> ALL = List.of(
            new Recipe("ssh", "A shell.",
                    List.of("adit listen --save --allow 12D3KooWMine /x/ssh /ip4/127.0.0.1/tcp/22"),
                    List.of("adit forward --save /x/ssh /ip4/127.0.0.1/tcp/2222 /p2p/12D3KooWPeer",
                            "ssh -p 2222 user@127.0.0.1 uptime")),
            new Recipe("scp", "Copying files, through the tunnel of ssh.", List.of(),
                    List.of("scp -P 2222 user@127.0.0.1:notes.txt .", "scp -P 2222 notes.txt user@127.0.0.1:copy.txt")),
            new Recipe("rsync", "Copying what has changed, through the tunnel of ssh.", List.of(),
                    List.of("rsync -a -e 'ssh -p 2222' user@127.0.0.1:documents/ documents/")),
            new Recipe("git", "A repository, through the tunnel of ssh.", List.of(),
                    List.of("git clone ssh://user@127.0.0.1:2222/srv/project.git", "git -C project push origin HEAD")),
            new Recipe("PostgreSQL", "A database on its unix socket, which need not listen on any port.",
                    List.of("adit listen --save --allow 12D3KooWMine /x/postgres /unix/run/postgresql/.s.PGSQL.5432"),
                    List.of("adit forward --save /x/postgres /ip4/127.0.0.1/tcp/5433 /p2p/12D3KooWPeer",
                            "psql -h 127.0.0.1 -p 5433 -U user -c 'select 6 * 7' database")),
            new Recipe("VNC", "A screen. RDP is the same with port 3389 and: xfreerdp /v:127.0.0.1:3390",
                    List.of("adit listen --save --allow 12D3KooWMine /x/screen /ip4/127.0.0.1/tcp/5900"),
                    List.of("adit forward --save /x/screen /ip4/127.0.0.1/tcp/5901 /p2p/12D3KooWPeer",
                            "vncviewer 127.0.0.1:1")),
            new Recipe("Home Assistant", "A browser here opens http://127.0.0.1:8124/ then.",
                    List.of("adit listen --save --allow 12D3KooWMine /x/home /ip4/127.0.0.1/tcp/8123"),
                    List.of("adit forward --save /x/home /ip4/127.0.0.1/tcp/8124 /p2p/12D3KooWPeer",
                            "curl -s http://127.0.0.1:8124/")),
            new Recipe("a web server", "One that tells its sites apart by their names is asked with the name.",
                    List.of("adit listen --save --allow 12D3KooWMine /x/web /ip4/127.0.0.1/tcp/80"),
                    List.of("adit forward --save /x/web /ip4/127.0.0.1/tcp/8080 /p2p/12D3KooWPeer",
                            "curl -s -H 'Host: www.example.org' http://127.0.0.1:8080/")),
            new Recipe("Docker", "Who may use its socket is root there.",
                    List.of("adit listen --save --allow 12D3KooWMine /x/docker /unix/run/docker.sock"),
                    List.of("adit forward --save /x/docker /unix/run/user/1000/docker.sock /p2p/12D3KooWPeer",
                            "docker -H unix:///run/user/1000/docker.sock version")));

    private Recipes() {}

    /**
     * One.
     *
     * @param name of the program or the thing
     * @param words one sentence or two
     * @param there commands on the machine with the service, may be none
     * @param here commands on the other one
     */
    record Recipe(String name, String words, List<String> there, List<String> here) {}

    /** As the help shows them. */
    static String help() {
        StringBuilder text = new StringBuilder(WORDS);
        for (Recipe recipe : ALL) {
            text.append('\n').append(recipe.name()).append(": ").append(recipe.words()).append('\n');
            recipe.there().forEach(command -> text.append("  there$ ").append(command).append('\n'));
            recipe.here().forEach(command -> text.append("  here$  ").append(command).append('\n'));
        }
        return text.toString();
    }
}
