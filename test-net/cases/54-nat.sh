#!/usr/bin/env bash
# Two nodes behind NATs that know of each other nothing but a peer id, a few pairs of test-net/nat/matrix: how each comes about is what its NATs allow,
# and what the nodes say of it is true.
. "$(dirname "$0")/../lib.sh"
export NAT_RESULTS=$work/results
tries=1
[ -z "${LONG:-}" ] || tries=5

run_matrix() { "$here/nat/matrix" --tries $tries --seats adit_adit --pairs "$*" >"$work/table" 2>"$work/progress"; }

# always KIND/KIND WAY...: every try of the pair went one of these ways, in the words of the forwarder's node; and it says what is so
always() {
    awk -v pair="$1" -v ways=" ${*:2} " -v wanted=$tries -F '\t' '$2 "/" $3 == pair { tries++; print; told = $7 == "relayed" ? "relayed" : "direct"
            if (index(ways, " " $7 " ") == 0 || told != $9) wrong = 1 }
        END { exit wrong || tries != wanted }' "$NAT_RESULTS"
}

# soon KIND/KIND MILLISECONDS: the first byte of every try was there by then, the client's first connection having brought it
soon() { awk -v pair="$1" -v most="$2" -F '\t' '$2 "/" $3 == pair { print; if ($5 == "-" || $5 > most || $6 != 1) wrong = 1 } END { exit wrong }' "$NAT_RESULTS"; }

run_matrix cone/cone none/cone cone/none firewall/double symmetric/cone
grep -hE '^(SKIP|FAIL)' "$work/table" "$work/progress" | sed "s/ tries:/ $case_name:/"
[ -s "$NAT_RESULTS" ] && grep -q ^adit "$NAT_RESULTS" || { lack "the lab could not be made"; exit $failures; }
check "two cones are punched" always cone/cone punched
check "whoever has a public address is dialled" always none/cone direct
check "or dials" always cone/none direct
check "a firewall that refuses is punched, and so is a cone in a cone" always firewall/double punched
check "what cannot be punched goes over the relay" always symmetric/cone relayed
for pair in cone/cone none/cone cone/none firewall/double symmetric/cone; do
    check "$pair: the first connection of a client brings the first byte in time" soon $pair 20000
done
exit $failures
