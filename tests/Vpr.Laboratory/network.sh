#!/usr/bin/env bash
# The laboratory: four network namespaces in a row, joined by veth pairs, IPv4 and IPv6.
#
#   PREFIX-client ── PREFIX-router ── PREFIX-server ── PREFIX-target
#   198.51.100.2     .1        .1     203.0.113.2 .1   192.0.2.2
#   2001:db8:1::2    ::1  2001:db8:2::1 ::2  2001:db8:3::1  ::2
#
# The router knows no way to the target: what reaches it came through the tunnel.
# Further clients hang on the router beside the first: PREFIX-clientN, 198.51.(100+N).2 and 2001:db8:10N::2, N from 1 to 9.
# Usage: network.sh up|down PREFIX
#        network.sh client PREFIX N
set -eu

hosts=(client router server target)
# left right IPv4-left IPv4-right IPv6-left IPv6-right
links=("client router 198.51.100.2/24 198.51.100.1/24 2001:db8:1::2/64 2001:db8:1::1/64"
       "router server 203.0.113.1/24 203.0.113.2/24 2001:db8:2::1/64 2001:db8:2::2/64"
       "server target 192.0.2.1/24 192.0.2.2/24 2001:db8:3::1/64 2001:db8:3::2/64")

up() {
    local prefix=$1 host link
    for host in "${hosts[@]}"; do
        ip netns add "$prefix-$host"
        ip netns exec "$prefix-$host" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
        ip -n "$prefix-$host" link set lo up
    done
    for link in "${links[@]}"; do
        # shellcheck disable=SC2086 # a link is a list of words
        join "$prefix" $link
    done
    ip netns exec "$prefix-router" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    route "$prefix-client" 198.51.100.1 2001:db8:1::1
    route "$prefix-server" 203.0.113.1 2001:db8:2::1
    # The first IPv6 packets fall to neighbour discovery: the network is up when each link has answered once.
    answers "$prefix-client" 2001:db8:2::2
    answers "$prefix-server" 2001:db8:3::2
}

client() { # PREFIX N
    local prefix=$1 host=client$2
    ip netns add "$prefix-$host"
    ip netns exec "$prefix-$host" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
    ip -n "$prefix-$host" link set lo up
    join "$prefix" "$host" router "198.51.$((100 + $2)).2/24" "198.51.$((100 + $2)).1/24" "2001:db8:10$2::2/64" "2001:db8:10$2::1/64"
    route "$prefix-$host" "198.51.$((100 + $2)).1" "2001:db8:10$2::1"
    answers "$prefix-$host" 2001:db8:2::2
}

answers() { # NAMESPACE ADDRESS
    ip netns exec "$1" ping -q -c 1 -i 0.1 -w 10 "$2" > /dev/null
}

join() { # PREFIX LEFT RIGHT IPv4 IPv4 IPv6 IPv6: each end is named after the host at the other
    ip link add "$3" netns "$1-$2" type veth peer name "$2" netns "$1-$3"
    address "$1-$2" "$3" "$4" "$6"
    address "$1-$3" "$2" "$5" "$7"
}

address() { # NAMESPACE DEVICE IPv4 IPv6
    ip -n "$1" address add "$3" dev "$2"
    ip -n "$1" address add "$4" dev "$2" nodad
    ip -n "$1" link set "$2" up
}

route() { # NAMESPACE IPv4 IPv6
    ip -n "$1" route add default via "$2"
    ip -n "$1" -6 route add default via "$3"
}

down() {
    local prefix=$1 namespace
    for namespace in "/run/netns/$prefix"-*; do
        if [ -e "$namespace" ]; then ip netns delete "${namespace##*/}"; fi
    done
}

"$@"
