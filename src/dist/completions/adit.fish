# Completes adit's commands in fish. Tunnels, peers and streams are asked of the daemon, if one runs.
set -g __adit_table \
# commands (generated)
'value --encoding text' \
'value --encoding json' \
'value --peerid-base b58mh' \
'value --peerid-base base36' \
'value --peerid-base base32' \
'value --log-level debug' \
'value --log-level info' \
'value --log-level warn' \
'value --log-level error' \
'value level debug' \
'value level info' \
'value level warn' \
'value level error' \
'value key Identity.PeerID' \
'value key Addresses.Swarm' \
'value key Addresses.Announce' \
'value key Addresses.AppendAnnounce' \
'value key Addresses.NoAnnounce' \
'value key API.Group' \
'value key API.GroupRole' \
'value key API.Authorizations' \
'value key Bootstrap' \
'value key Peering.Peers' \
'value key Swarm.Transports.Security.TLS' \
'value key Swarm.Transports.Security.Noise' \
'value key Swarm.ConnMgr.HighWater' \
'value key Swarm.RelayService.Enabled' \
'value key Swarm.RelayService.ConnectionDurationLimit' \
'value key Swarm.RelayService.ConnectionDataLimit' \
'value key Swarm.RelayService.ReservationTTL' \
'value key Swarm.RelayService.MaxReservations' \
'value key Swarm.RelayService.MaxReservationsPerIP' \
'value key Swarm.RelayService.MaxCircuits' \
'value key Swarm.RelayService.BufferSize' \
'value key Swarm.RelayService.Unlimited' \
'value key Swarm.DisableNatPortMap' \
'value key Swarm.RelayClient.Enabled' \
'value key Swarm.RelayClient.StaticRelays' \
'value key Swarm.EnableHolePunching' \
'value key Discovery.MDNS.Enabled' \
'value key AutoNAT.ServiceMode' \
'value key Internal.Libp2pForceReachability' \
'value key DNS.Resolver' \
'value key Routing.Type' \
'value key Routing.LoopbackAddressesOnLanDHT' \
'value key Routing.ProtocolPrefix' \
'value key Tunnels.Listeners' \
'value key Tunnels.Forwarders' \
'value key Experimental.Libp2pStreamMounting' \
'value command init' \
'value command daemon' \
'value command shutdown' \
'value command id' \
'value command version' \
'value command listen' \
'value command forward' \
'value command ls' \
'value command close' \
'value command stream ls' \
'value command stream close' \
'value command grant' \
'value command revoke' \
'value command grants' \
'value command invite' \
'value command accept' \
'value command nc' \
'value command status' \
'value command why' \
'value command metrics' \
'value command ping' \
'value command swarm connect' \
'value command swarm disconnect' \
'value command swarm peers' \
'value command swarm addrs' \
'value command swarm addrs local' \
'value command swarm addrs listen' \
'value command peer name' \
'value command peer ls' \
'value command peer rm' \
'value command swarm peering add' \
'value command swarm peering ls' \
'value command swarm peering rm' \
'value command routing findpeer' \
'value command bootstrap' \
'value command bootstrap list' \
'value command bootstrap add' \
'value command bootstrap rm' \
'value command bootstrap rm all' \
'value command config' \
'value command config show' \
'value command config reload' \
'value command export' \
'value command plan' \
'value command apply' \
'value command log level' \
'value command log ls' \
'value command log tail' \
'value command demo' \
'value command help' \
'option --encoding=,--enc=:text or json (default: text)' \
'option --timeout=:give up after this time: 30s, 1m30s' \
'option --api=:control socket of the daemon: /unix/PATH' \
'option --help,-h:explain the command' \
'command init:create the identity and the config' \
'option --from-kubo=:take over the identity of a Kubo repository, and the settings adit shares with it' \
'command daemon:run the daemon' \
'option --init:accepted for Kubo\'s scripts: what is missing is always created' \
'option --log-level=:what to log: debug, info, warn or error (default: info)' \
'option --log-format=:how: text, or json, an object a line (default: text)' \
'command shutdown:end the daemon' \
'command id:show this peer, or another' \
'argument peerid' \
'option --format=,-f=:print this, with <id> <aver> <pubkey> <addrs> <protocols> replaced and \\n \\t understood' \
'option --peerid-base=:how to write peer ids: b58mh (default), base36, base32' \
'command version:print the version' \
'option --number,-n:print the number only' \
'option --all:print everything' \
'option --commit:print the commit' \
'option --repo:print the version of the repository' \
'command listen:lead a peer\'s streams to a service' \
'argument protocol' \
'argument target-address' \
'option --allow=:only these peers may use it, separated by commas; with an end: PEER@8h, PEER@2026-12-31' \
'option --max-streams=:live streams that one peer may have (default: no limit)' \
'option --rate=:bytes a second that one peer may send and receive: 500k, 2M (default: no limit)' \
'option --report-peer-id,-r:send the remote peer\'s id and a newline to the service first' \
'option --foreground,-f:keep the command running; the listener is removed when it ends' \
'option --save:keep it in the config, for every start of the daemon' \
'option --allow-custom-protocol:the name may lie outside /x/' \
'command forward:lead local connections to a peer\'s service' \
'argument protocol' \
'argument listen-address' \
'argument target-address' \
'option --foreground,-f:keep the command running; the forwarder is removed when it ends' \
'option --max-streams=:live streams at a time (default: no limit)' \
'option --rate=:bytes a second sent and received, all clients together: 500k, 2M (default: no limit)' \
'option --relay=:whether streams may go over a relay: never, until-direct, always (default: until-direct)' \
'option --save:keep it in the config, for every start of the daemon' \
'option --allow-custom-protocol:the name may lie outside /x/' \
'command ls:show the tunnels' \
'option --headers,-v:print a line of headers first' \
'command close:close tunnels for new connections' \
'option --all,-a:close all' \
'option --protocol=,-p=:those of this name' \
'option --listen-address=,-l=:those with this listen address, as ls shows it' \
'option --target-address=,-t=:those with this target address, as ls shows it' \
'command stream ls:show the connections going through tunnels' \
'option --headers,-v:print a line of headers first' \
'command stream close:abort connections going through tunnels' \
'argument id' \
'option --all,-a:close all' \
'command grant:let a peer use a listener' \
'argument protocol' \
'argument peer' \
'option --for=:how long: 8h, 2026-12-31 (that day included), 2026-12-31T18:00:00Z (default: for ever)' \
'command revoke:no longer let a peer use a listener' \
'argument protocol' \
'argument peer' \
'command grants:show who may use the listeners, and who asked in vain' \
'argument protocol' \
'command invite:let another machine use a listener, by a one-time code' \
'argument protocol' \
'argument target-address' \
'option --for=:how long the other machine may use it: 8h, 2026-12-31 (default: for ever)' \
'command accept:use the code that another machine shows: a saved forwarder to its listener' \
'argument code' \
'argument listen-address' \
'command nc:connect standard input and output to a peer\'s service' \
'argument protocol' \
'argument peer' \
'option --relay=:whether streams may go over a relay: never, until-direct, always (default: until-direct)' \
'option --allow-custom-protocol:the name may lie outside /x/' \
'command status:one screen about the daemon, its tunnels and its peers' \
'option --watch,-w:show it again every two seconds, with the payload a second of each tunnel' \
'command why:tell why a peer can or cannot be reached, or whether others can find this node' \
'argument peer' \
'command metrics:figures for a monitor, in the text format of OpenMetrics' \
'command ping:measure the round trip to a peer' \
'argument peer' \
'option --count=,-n=:how many pings (default: 10)' \
'command swarm connect:connect to peers' \
'argument address...' \
'command swarm disconnect:close the connections to peers' \
'argument address...' \
'command swarm peers:show the connections to peers' \
'option --verbose,-v:all of the following' \
'option --streams:also the protocols of open streams' \
'option --latency:also the round trip' \
'option --direction:also who dialled' \
'option --identify:also what the peer tells of itself' \
'command swarm addrs:show the addresses known of peers' \
'command swarm addrs local:show the addresses others are told' \
'option --id:with /p2p/ID behind each' \
'command swarm addrs listen:show the addresses bound' \
'command peer name:give a peer a name' \
'argument peer' \
'argument name' \
'command peer ls:show the peers that have names' \
'command peer rm:take a peer\'s name away' \
'argument name' \
'command swarm peering add:stay connected to peers' \
'argument address...' \
'command swarm peering ls:show the peers to stay connected to' \
'command swarm peering rm:no longer stay connected to peers' \
'argument ID...' \
'command routing findpeer:find the addresses of a peer by its id' \
'argument peer' \
'option --verbose,-v:print the steps of the search too' \
'command bootstrap:show the nodes that lead into the network' \
'option --expand-auto:show the nodes that "auto" stands for' \
'command bootstrap list:show the nodes that lead into the network' \
'option --expand-auto:show the nodes that "auto" stands for' \
'command bootstrap add:add nodes that lead into the network' \
'argument peer...' \
'command bootstrap rm:remove nodes that lead into the network' \
'argument peer...' \
'option --all:remove all' \
'command bootstrap rm all:remove all nodes that lead into the network' \
'command config:show or change a setting' \
'argument key' \
'argument value' \
'option --json:the value is JSON' \
'option --bool:the value is true or false' \
'command config show:show all settings' \
'command config reload:use the tunnels that config.json has now' \
'command export:show the tunnels of the config, for "adit plan" and "adit apply"' \
'command plan:show what "adit apply" would do with the tunnels of the config' \
'argument file' \
'command apply:make the tunnels of the config those of a file' \
'argument file' \
'command log level:show or change how much the daemon logs' \
'argument module' \
'argument level' \
'command log ls:show the modules that log' \
'command log tail:show what the daemon logs, as it does' \
'command demo:show a tunnel at work on this machine' \
'option --size=:how much to send each way (default: 256)' \
'command help:explain adit or one command' \
'argument command...' \
# commands (end)
''

# __adit_ask WORDS...: what the daemon says, nothing when there is none
function __adit_ask
    set -l directory $ADIT_PATH
    test -n "$directory"; or set directory $HOME/.adit
    test -e $directory/api; and command adit --timeout=2s $argv 2>/dev/null
end

# __adit_values NAME KIND: what may stand for that argument, or option with dashes, of the command
function __adit_values
    string replace -f -- "value $argv[2] " "" $__adit_table
    switch "$argv"
        case "* --protocol" "nc protocol" "forward protocol"
            __adit_ask ls | awk '{ print $1 }'
        case "* --listen-address"
            __adit_ask ls | awk '{ print $2 }'
        case "* --target-address"
            __adit_ask ls | awk '{ print $3 }'
        case "stream close id"
            __adit_ask stream ls | awk '{ print $1 }'
        case "swarm peering rm ID"
            __adit_ask swarm peering ls | string match -rv '^\s'
        case "forward target-address" "* peer" "* peerid" "* address" "* --allow"
            __adit_ask swarm peers | string replace -r '.*/p2p/(\S+).*' '$1' | sort -u
        case "listen target-address" "* listen-address"
            echo /ip4/127.0.0.1/tcp/
        case "* module"
            __adit_ask log ls
        case "* --from-kubo"
            __fish_complete_directories (commandline -ct | string replace -r '^-[^=]*=' '')
    end
end

# __adit_rows KIND NAME: the command's rows of that kind, and those of every command
function __adit_rows
    set -l current ""
    for row in $__adit_table
        if string match -q "command *" -- $row
            set current (string replace -r '^command ([^:]*):.*' '$1' -- $row)
        else if test "$current" = "$argv[2]" -o -z "$current"
            string replace -rf "^$argv[1] " "" -- $row
        end
    end
end

# __adit_option NAME WORD: the option's first name, with "=" when it takes a value
function __adit_option
    for row in (__adit_rows option $argv[1])
        set -l names (string split , -- (string replace -r ':.*' '' -- $row))
        if contains -- $argv[2] $names; or contains -- $argv[2]= $names
            echo $names[1]
            return
        end
    end
end

function __adit_complete
    set -l name ""
    set -l pending ""
    set -l given 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        set -l longer (string trim -- "$name $word")
        if test -n "$pending"
            set pending ""
        else if string match -q -- "-*" $word
            set pending (string replace -f = "" -- (__adit_option "$name" $word))
        else if test $given = 0; and string match -qr -- "^command "(string escape --style=regex -- $longer)"[: ]" $__adit_table
            set name $longer
        else if test -n "$name" -o "$word" != p2p
            set given (math $given + 1)
        end
    end
    set -l cur (commandline -ct)
    if test -n "$pending"
        __adit_values "$name" $pending
    else if string match -q -- "-*=*" $cur
        set -l option (string replace -r '=.*' '' -- $cur)
        __adit_values "$name" (string replace = "" -- (__adit_option "$name" $option)) | string replace -r '^' -- "$option="
    else if string match -q -- "-*" $cur
        for row in (__adit_rows option "$name")
            set -l parts (string split -m 1 : -- $row)
            printf '%s\n' (string split , -- $parts[1])\t$parts[2]
        end
    else
        if test $given = 0
            set -l prefix (string trim -- "command $name")" "
            string replace -rf -- '^'$prefix'([^: ]+)(?::(.*)| .*)' '$1\t$2' $__adit_table | sort -u -k 1,1
        end
        set -l arguments (__adit_rows argument "$name")
        set -l kind $arguments[(math $given + 1)]
        if test -z "$kind"; and string match -q -- "*..." "$arguments[-1]"
            set kind $arguments[-1]
        end
        test -n "$kind"; and __adit_values "$name" (string replace ... "" -- $kind)
    end
end

complete -c adit -f -a '(__adit_complete)'
