#!/usr/bin/env bash
# Measures this checkout's published binaries beside those of an earlier commit, round by round, and fails when they are worse beyond a margin.
# Usage, as root and after build/publish.sh: compare.sh [COMMIT] [OPTIONS OF vpr-bench compare...]; the commit before this one when none is named.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
commit=HEAD~1
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then commit=$1; shift; fi
base=$(git rev-parse --verify --quiet "$commit^{commit}") || { echo "There is no $commit here: nothing to compare with."; exit 0; }

work=$(mktemp -d)
clean_up() { git worktree remove --force "$work/tree" 2>/dev/null || true; rm -rf "$work"; }
trap clean_up EXIT
git worktree add --quiet --detach "$work/tree" "$base"
"$work/tree/build/publish.sh" > "$work/log" 2>&1 || { tail -n 5 "$work/log"; echo "$commit cannot be published here: nothing to compare with."; exit 0; }
artifacts/bin/vpr-bench compare --base "$work/tree/artifacts/bin" "$@"
