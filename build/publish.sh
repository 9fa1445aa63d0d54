#!/usr/bin/env bash
# Publishes the static binaries to artifacts/bin and says so only when they are static indeed.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
framework=$(sed -n 's/.*<AotTargetFramework>\(.*\)<.*/\1/p' Directory.Build.props)
for host in Server Client; do
    dotnet publish "hosts/Vpr.$host" -c Release -f "$framework" -r linux-x64 --nologo --verbosity quiet -o "artifacts/publish/$host"
    name=vpr-${host,,}
    mkdir -p artifacts/bin
    install -m 0755 "artifacts/publish/$host/$name" "artifacts/bin/$name"
    linkage=$(ldd "artifacts/bin/$name" 2>&1 || true)
    case "$linkage" in
        *"statically linked"*|*"not a dynamic executable"*) ;;
        *) echo "$name is not static: $linkage" >&2; exit 1 ;;
    esac
    echo "artifacts/bin/$name $(stat -c %s "artifacts/bin/$name") bytes, statically linked"
done
