#!/usr/bin/env bash
# The whole proof, fast parts first. As root the end-to-end and peers' tests run too; otherwise they are skipped aloud.
# The last line is the count over all test projects.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")"

configuration=Release
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0

finish() {
    if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"
    else echo "$passed passed, $failed failed"; fi
    [ "$failed" -eq 0 ]
}

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

stop_unless() { # a step the rest depends on: its failure is a failed test
    "$@" && return
    echo "failed: $*"
    failed=$((failed + 1))
    finish
    exit 1
}

counter() { # counter NAME FILE: an attribute of the run's <Counters> element
    grep -o '<Counters [^>]*' "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'
}

run_tests() {
    local project=$1 log="$results/$1.trx" code=0
    step "$project"
    dotnet test "tests/$project" -c "$configuration" --no-build --nologo --verbosity quiet \
        --logger "console;verbosity=minimal" --logger "trx;LogFileName=$log" --results-directory "$results" || code=$?
    if [ ! -s "$log" ]; then
        echo "$project left no result (exit code $code)"
        failed=$((failed + 1))
        return
    fi
    local total executed good bad
    total=$(counter total "$log") executed=$(counter executed "$log")
    good=$(counter passed "$log") bad=$((executed - good))
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$project: every test passed, yet the runner exited $code"
        failed=$((failed + 1))
    fi
}

step "Tools"
stop_unless ./build/install-tools.sh

step "Build"
stop_unless dotnet restore Vpr.Engine.sln --verbosity quiet
stop_unless dotnet build Vpr.Engine.sln -c "$configuration" --no-restore --nologo --verbosity quiet

# Every test project of the solution runs: the unit tests, then those that need the static binaries and namespaces.
slow='Vpr\.(Interop\.Linux|EndToEnd|Peers|Perf\.Lab)\.Tests'
all=$(find tests -name '*.Tests.csproj' -printf '%f\n' | sed 's/\.csproj$//' | sort)
for project in $(grep -Ev "^$slow$" <<< "$all"); do run_tests "$project"; done

step "Static binaries"
stop_unless ./build/publish.sh

for project in $(grep -E "^$slow$" <<< "$all"); do run_tests "$project"; done

# These binaries beside those of the commit before, in turns; the margin is wider than ten runs of unchanged code ever were (docs/performance.md).
if [ "${CI:-}" = true ]; then
    step "Beside the commit before"
    if build/compare.sh HEAD~1 --rounds 3 --seconds 1 --margin 1; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi

printf '\n'
finish
