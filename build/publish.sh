#!/usr/bin/env bash
# Publishes the static binaries to artifacts/bin and says so only when they are static indeed, start, and are no larger than they may be.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
# folder:project:program:bytes at most (tests/Vpr.EndToEnd.Tests/FootprintTests.cs holds the product's two to the same; 0 is no limit)
for program in Server:hosts/Vpr.Server:vpr-server:18000000 Client:hosts/Vpr.Client:vpr-client:12000000 Bench:perf/Vpr.Perf.Lab:vpr-bench:0; do
    IFS=: read -r folder project name limit <<< "$program"
    dotnet publish "$project" -c Release -r linux-x64 --nologo --verbosity quiet -o "artifacts/publish/$folder"
    mkdir -p artifacts/bin
    install -m 0755 "artifacts/publish/$folder/$name" "artifacts/bin/$name"
    linkage=$(ldd "artifacts/bin/$name" 2>&1 || true)
    case "$linkage" in
        *"statically linked"*|*"not a dynamic executable"*) ;;
        *) echo "$name is not static: $linkage" >&2; exit 1 ;;
    esac
    "artifacts/bin/$name" --version > /dev/null || { echo "$name does not start: it needs glibc 2.36 or newer where it is linked" >&2; exit 1; }
    size=$(stat -c %s "artifacts/bin/$name")
    echo "artifacts/bin/$name $size bytes, statically linked"
    if [ "$limit" -gt 0 ] && [ "$size" -gt "$limit" ]; then
        echo "$name is larger than the $limit bytes it may have: see docs/architecture.md, \"Size and memory\"" >&2
    fi
done
