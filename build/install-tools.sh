#!/usr/bin/env bash
# Installs from Debian what the build and the tests need and the machine lacks. Does nothing when all is there.
set -eu
packages=(clang lld cmake make libssl-dev zlib1g-dev                                       # native compilation
          iproute2 iputils-ping nftables iperf3 tcpdump curl openssl python3     # namespaces and the tools run in them
          ngtcp2-client ngtcp2-server)                                           # another QUIC and HTTP/3
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "missing: ${missing[*]}; install them, or run this as root" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
