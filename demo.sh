#!/usr/bin/env bash
# Shows the whole path: static binaries, four network namespaces, a tunnel from the first to the third, and what passes through it.
# Needs root; installs what the build needs; leaves nothing behind but artifacts/.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
[ "$(id -u)" -eq 0 ] || { echo "demo.sh makes network namespaces: run it with sudo." >&2; exit 1; }

lab=tests/Vpr.Laboratory/network.sh
prefix=vprdemo$$
work=$(mktemp -d)
pids=()
megabytes=200
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '\n\033[1m%s\033[0m (%ss)\n' "$1" "$SECONDS"; }
in_host() { local host=$1; shift; ip netns exec "$prefix-$host" "$@"; }
start() { # HOST LOG COMMAND...: in the background, to be ended by pid
    local host=$1 log=$2; shift 2
    ip netns exec "$prefix-$host" "$@" > "$work/$log" 2>&1 &
    pids+=($!)
}
wait_for() { # FILE PATTERN: until a started program says that it is ready
    timeout 15 bash -c "until grep -q '$2' '$1' 2>/dev/null; do read -rt 0.05 <> <(:) || :; done" || {
        echo "not ready: $1" >&2; cat "$1" >&2; exit 1
    }
}

host_state() { # what this machine's own network looks like
    ip netns list | grep "^$prefix-" || :
    ip -o link show | cut -d: -f2
    ip rule; ip -6 rule
    ip route show table all; ip -6 route show table all
    nft list tables
}

nothing_left() {
    local host pid
    for host in client router server target; do
        for pid in $(ip netns pids "$prefix-$host"); do
            echo "still running in $host: $(tr '\0' ' ' < "/proc/$pid/cmdline")" >&2
            return 1
        done
    done
    "$lab" down "$prefix"
    diff <(printf '%s\n' "$before") <(host_state) >&2
}

clean_up() {
    local code=$?
    [ "$code" -eq 0 ] || for log in "$work"/*.log; do echo "--- $log" >&2; tail -n 20 "$log" >&2; done
    in_host client artifacts/bin/vpr-client down "$prefix" > /dev/null 2>&1 || true
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    if nothing_left; then
        [ "$code" -ne 0 ] || say "Done: no namespace, interface, route, rule, table or process is left"
    else
        echo "something stayed behind" >&2
        [ "$code" -ne 0 ] || code=1
    fi
    rm -rf "$work"
    exit "$code"
}

say "Build"
build/install-tools.sh
build/publish.sh
ldd artifacts/bin/vpr-server artifacts/bin/vpr-client | tee "$work/ldd"
[ "$(grep -c 'statically linked' "$work/ldd")" -eq 2 ] || { echo "a binary is not static" >&2; exit 1; }

before=$(host_state)
trap clean_up EXIT
trap 'exit 130' INT TERM

say "Network: client – router – server – target"
"$lab" up "$prefix"
mkdir "$work/www"
head -c "$((megabytes * 1000 * 1000))" /dev/urandom > "$work/www/file"
start target web.log python3 -u -m http.server --bind :: --directory "$work/www" 8080
start target iperf.log iperf3 --server --forceflush
wait_for "$work/web.log" Serving
wait_for "$work/iperf.log" listening
start router capture.log tcpdump -n -U -i client -w "$work/underlay.pcap" 'not arp and not icmp6 and not ip6 dst net ff02::/16'
wait_for "$work/capture.log" listening

say "Server"
artifacts/bin/vpr-server --directory "$work/server" init --endpoint 203.0.113.2
artifacts/bin/vpr-server --directory "$work/server" client add demo --output "$work/$prefix.conf"
start server server.log artifacts/bin/vpr-server --directory "$work/server" run
wait_for "$work/server.log" "ready"

say "Tunnel up"
in_host client artifacts/bin/vpr-client up "$work/$prefix.conf"

say "Ping through the tunnel"
in_host client ping -q -i 0.05 -c 40 192.0.2.2
in_host client ping -q -i 0.05 -c 40 2001:db8:3::2

say "Download of $megabytes MB"
here=$(sha256sum < "$work/www/file")
there=$(in_host client curl -sS -w '%{stderr}%{speed_download} bytes/s\n' http://192.0.2.2:8080/file | sha256sum)
[ "$here" = "$there" ] || { echo "SHA-256 differs: $here $there" >&2; exit 1; }
echo "SHA-256 matches: ${here%% *}"

say "iperf3, up and down"
in_host client iperf3 -c 192.0.2.2 -t 4 | grep -E 'sender|receiver'
in_host client iperf3 -c 192.0.2.2 -t 4 -R | grep -E 'sender|receiver'

say "Status"
in_host client artifacts/bin/vpr-client status "$prefix"
artifacts/bin/vpr-server --directory "$work/server" status

say "What the underlay saw"
in_host client artifacts/bin/vpr-client down "$prefix"
kill "${pids[2]}"; wait "${pids[2]}" 2>/dev/null || true
tcpdump -n -q -r "$work/underlay.pcap" 2>/dev/null | awk '{ sub(/:$/, "", $5); print ($3 ~ /^203\.0\.113\.2\.443$/ || $5 ~ /^203\.0\.113\.2\.443$/) && /UDP/ ? "UDP with 203.0.113.2 port 443" : "other: " $0 }' \
    | sort | uniq -c | tee "$work/summary"
if grep -q other "$work/summary"; then echo "something went past the tunnel" >&2; exit 1; fi
