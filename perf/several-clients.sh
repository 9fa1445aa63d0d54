#!/usr/bin/env bash
# Several clients at once through one server: what they get together, and the CPU time of the server for it, for each number of loops in turn.
# Usage, as root with published binaries: perf/several-clients.sh CLIENTS SECONDS ROUNDS LOOPS...
set -eu
root=$(dirname "$(readlink -f "$0")")/..
clients=$1 seconds=$2 rounds=$3
shift 3
prefix=vprs$$
directory=$(mktemp -d)
network() { bash "$root/tests/Vpr.Laboratory/network.sh" "$@"; }
in_host() { local host=$1; shift; ip netns exec "$prefix-$host" "$@"; }
processes=()
started() { processes+=("$!"); }
stop() { for pid in "${processes[@]}"; do kill "$pid" 2> /dev/null || true; done; wait; processes=(); }
trap 'stop; network down "$prefix"; rm -rf "$directory"' EXIT

server=("$root/artifacts/bin/vpr-server" --directory "$directory/server")
until_true() { for _ in $(seq 100); do if "$@" > /dev/null 2>&1; then return; fi; sleep 0.1; done; echo "never true: $*" >&2; exit 1; }
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

network up "$prefix"
in_host server "${server[@]}" init --endpoint 203.0.113.2 > /dev/null
for i in $(seq "$clients"); do
    network client "$prefix" "$i"
    in_host server "${server[@]}" client add "c$i" --output "$directory/vs$$x$i.conf" > /dev/null
done

measure() { # LOOPS
    sed -i -E "s/^#?Loops = .*/Loops = $1/" "$directory/server/server.conf"
    ip netns exec "$prefix-server" "${server[@]}" run > "$directory/run" & local pid=$!; started
    until_true grep -q ready "$directory/run"
    for i in $(seq "$clients"); do
        ip netns exec "$prefix-target" iperf3 --server --port $((5200 + i)) > /dev/null 2>&1 & started
        ip netns exec "$prefix-client$i" "$root/artifacts/bin/vpr-client" up --foreground "$directory/vs$$x$i.conf" > "$directory/up$i" & started
        until_true grep -q up "$directory/up$i"
    done
    local way before transfers
    for way in "" --reverse; do
        before=$(cpu_ticks "$pid") transfers=()
        for i in $(seq "$clients"); do
            ip netns exec "$prefix-client$i" iperf3 --client 192.0.2.2 --port $((5200 + i)) --time "$seconds" --json $way > "$directory/iperf$i" & transfers+=("$!")
        done
        wait "${transfers[@]}"
        jq -s --arg loops "$1" --arg way "$([ "$way" ] && echo down || echo up)" --argjson ticks $(($(cpu_ticks "$pid") - before)) -r '
            (map(.end.sum_received.bytes) | add / 1e9) as $gigabytes
            | "\($loops) loops, \($way): \($gigabytes * 8 / (map(.end.sum_received.seconds) | add / length) * 100 | round / 100) Gbit/s, server \($ticks / 100 / $gigabytes * 100 | round / 100) s/GB"' \
            "$directory"/iperf*
    done
    in_host server "${server[@]}" status --json | jq -c '.loops'
    stop
}

for round in $(seq "$rounds"); do
    for loops in "$@"; do measure "$loops"; done
done
