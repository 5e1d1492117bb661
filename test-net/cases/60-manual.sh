#!/usr/bin/env bash
# The man page as its readers' programs take it. That it says what the commands say is a test of the program's module.
. "$(dirname "$0")/../lib.sh"
page=$root/src/dist/man/adit.1

need "man" has man man-db
check "man has no warning" same "" "$(MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l "$page" 2>&1 >"$work/shown")"
check "and shows the commands" says "adit listen [options] <protocol> <target-address>" "$work/shown"
need "mandoc" has mandoc mandoc
check "mandoc has none either" mandoc -Tlint -Wwarning "$page"
exit $failures
