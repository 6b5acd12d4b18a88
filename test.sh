#!/usr/bin/env bash
# Builds everything (a warning is an error) and runs every test project, one after another.
#   ./test.sh        all tests but the long ones
#   ./test.sh long   only those (Trait Category=Long)
# The last line is "N passed, N failed"; the exit code is 0 only when tests ran and none failed.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
export MSBUILDDISABLENODEREUSE=1 # a build server left behind would hold our output open

case "${1:-}" in
  "") filter='Category!=Long' ;;
  long) filter='Category=Long' ;;
  *) echo "usage: $0 [long]" >&2; exit 2 ;;
esac

# The tests of the dashboard drive Debian's Chromium.
install_chromium() {
  command -v chromium >/dev/null && return
  command -v apt-get >/dev/null || return
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  echo "Installing Chromium"
  "${root[@]}" apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -qq -y --no-install-recommends chromium >/dev/null
}

finish() { # finish PASSED FAILED
  echo "$1 passed, $2 failed"
  [ "$2" = 0 ] && [ "$1" -gt 0 ]
  exit
}

install_chromium || echo "Chromium is missing and could not be installed: the tests of the dashboard will fail."

if ! dotnet build AllInOne.sln -v quiet -warnaserror; then
  echo "The build failed."
  finish 0 1
fi

if ! npm run --silent check; then
  echo "The dashboard's modules do not pass their type check."
  finish 0 1
fi

passed=0 failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for project in tests/*.Tests/*.csproj; do
  dotnet test "$project" --no-build --filter "$filter" 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  # One line per assembly: "Passed!  - Failed:     0, Passed:   138, Skipped:     0, Total:   138, …"
  read -r p f < <(sed -nE 's/^(Passed|Failed)! +- Failed: +([0-9]+), Passed: +([0-9]+),.*/\3 \2/p' "$output" |
    awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
  if [ "$code" != 0 ] && [ "$f" = 0 ]; then
    echo "$project ended with code $code, though no test is named as failed."
    f=1
  fi
  passed=$((passed + p)) failed=$((failed + f))
done
finish "$passed" "$failed"
