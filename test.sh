#!/usr/bin/env bash
# Builds everything (a warning is an error) and runs every test project, one after another.
#   ./test.sh        all tests but the long ones
#   ./test.sh long   only those (Trait Category=Long)
#   ./test.sh soak   those that take longer still (Category=Soak)
#   ./test.sh coverage   all tests but the long ones, then for each test project the share of lines of each assembly that its tests run
# The last line is "N passed, N failed"; the exit code is 0 only when tests ran and none failed.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
export MSBUILDDISABLENODEREUSE=1 # a build server left behind would hold our output open

collect=()
case "${1:-}" in
  "" | coverage) filter='Category!=Long&Category!=Soak' ;;
  long) filter='Category=Long' ;;
  soak) filter='Category=Soak' ;;
  *) echo "usage: $0 [long|soak|coverage]" >&2; exit 2 ;;
esac

# Debian's, as the tests find them: Chromium for the dashboard, nginx as the proxy in front of live connections.
install_package() { # install_package PACKAGE COMMAND
  PATH=$PATH:/usr/sbin command -v "$2" >/dev/null && return
  command -v apt-get >/dev/null || return
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  echo "Installing $1"
  "${root[@]}" apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -qq -y --no-install-recommends "$1" >/dev/null
}

finish() { # finish PASSED FAILED
  echo "$1 passed, $2 failed"
  [ "$2" = 0 ] && [ "$1" -gt 0 ]
  exit
}

install_package chromium chromium || echo "Chromium is missing and could not be installed: the tests of the dashboard will fail."
install_package faketime faketime || echo "faketime is missing and could not be installed: the test of a clock that is set will fail."
install_package nginx-light nginx || echo "nginx is missing and could not be installed: the tests behind a proxy will fail."

if ! dotnet build AllInOne.sln -v quiet -warnaserror; then
  echo "The build failed."
  finish 0 1
fi

if ! npm run --silent check; then
  echo "The dashboard's modules do not pass their type check."
  finish 0 1
fi

passed=0 failed=0
output=$(mktemp) coverage=$(mktemp -d)
trap 'rm -rf "$output" "$coverage"' EXIT
[ "${1:-}" = coverage ] && collect=(--collect "XPlat Code Coverage" --results-directory "$coverage")
for project in tests/*.Tests/*.csproj; do
  dotnet test "$project" --no-build --filter "$filter" "${collect[@]}" 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  # One line per assembly: "Passed!  - Failed:     0, Passed:   138, Skipped:     0, Total:   138, …"
  read -r p f < <(sed -nE 's/^(Passed|Failed)! +- Failed: +([0-9]+), Passed: +([0-9]+),.*/\3 \2/p' "$output" |
    awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
  if [ "$code" != 0 ] && [ "$f" = 0 ]; then
    echo "$project ended with code $code, though no test is named as failed."
    f=1
  fi
  passed=$((passed + p)) failed=$((failed + f))
  # One report for each project: <package name="AllInOne.Core" line-rate="0.9123" …>
  find "$coverage" -name coverage.cobertura.xml -exec sed -nE 's/.*<package name="(AllInOne[^"]*)" line-rate="([0-9.]+)".*/\1 \2/p' {} + |
    awk -v by="$(basename "$project" .csproj)" '$1 !~ /Tests|TestKit/ { printf "lines of %s run by %s: %.1f %%\n", $1, by, $2 * 100 }'
  rm -rf "${coverage:?}"/*
done
finish "$passed" "$failed"
