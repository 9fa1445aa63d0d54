#!/usr/bin/env bash
# Publishes the static binaries to artifacts/bin and says so only when they are static indeed.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
framework=$(sed -n 's/.*<AotTargetFramework>\(.*\)<.*/\1/p' Directory.Build.props)
for program in Server:hosts/Vpr.Server:vpr-server Client:hosts/Vpr.Client:vpr-client Bench:perf/Vpr.Perf.Lab:vpr-bench; do
    IFS=: read -r folder project name <<< "$program"
    dotnet publish "$project" -c Release -f "$framework" -r linux-x64 --nologo --verbosity quiet -o "artifacts/publish/$folder"
    mkdir -p artifacts/bin
    install -m 0755 "artifacts/publish/$folder/$name" "artifacts/bin/$name"
    linkage=$(ldd "artifacts/bin/$name" 2>&1 || true)
    case "$linkage" in
        *"statically linked"*|*"not a dynamic executable"*) ;;
        *) echo "$name is not static: $linkage" >&2; exit 1 ;;
    esac
    echo "artifacts/bin/$name $(stat -c %s "artifacts/bin/$name") bytes, statically linked"
done
