#!/usr/bin/env bash
# Runs the Windows binary in Wine: TestWindows of cmd/tshmcp, which plays a user's
# day; and the tests of some packages, built for Windows. Installs Wine and mingw when they are
# missing and it may; where they cannot be had, it says so and is done.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
  echo "windows: SKIPPED: $*; the Windows binary was not run"
  exit 0
}
missing() { ! command -v wine >/dev/null || ! command -v x86_64-w64-mingw32-gcc >/dev/null; }

[ "$(uname -sm)" = "Linux x86_64" ] || skip "Wine runs it on Linux, on x86_64"
if missing; then
  scripts/install.sh wine wine64 gcc-mingw-w64-x86-64 || true
  ! missing || skip "wine and x86_64-w64-mingw32-gcc (Debian: wine64, gcc-mingw-w64-x86-64) are not here"
fi

dir=$(mktemp -d)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="bcryptprimitives=n;mscoree,mshtml="
unset DISPLAY WAYLAND_DISPLAY
# All processes of this prefix, and nobody else's. What ends writes to the last.
stop() {
  wineserver -k 2>/dev/null || true
  timeout 60 wineserver -w 2>/dev/null || true
  for _ in 1 2 3 4 5; do
    ! rm -rf "$dir" 2>/dev/null || return 0
    sleep 1
  done
  echo "windows: $dir could not be removed"
}
trap stop EXIT

x86_64-w64-mingw32-gcc -O2 -s -shared -o "$dir/bcryptprimitives.dll" testdata/windows/bcryptprimitives.c
x86_64-w64-mingw32-gcc -O2 -s -mconsole -o "$dir/client.exe" testdata/windows/client.c
make --no-print-directory build GOOS=windows GOARCH=amd64 BIN="$dir/tshmcp.exe"
GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -c -trimpath -vet=off -o "$dir/creds.test.exe" ./internal/creds

# What wineboot starts holds no stream of a test's, and goes on when wineboot has
# ended: without a wait for the last of it a page has no launcher yet, for one. Debian
# has a server of Wine's end as soon as no program runs, and a program that starts
# meanwhile is killed without a word. So the first one ends here, and the next one,
# which is told to stay, is the server of all that follows.
# On a busy machine wineboot now and then finds no kernel32.dll: once more.
boot() { wine wineboot -i && timeout 120 wineserver -w; } </dev/null >>"$dir/wineboot.log" 2>&1
boot || { wineserver -k -w || true; rm -rf "$WINEPREFIX"; boot; } || { cat "$dir/wineboot.log"; exit 1; }
wineserver -p </dev/null >/dev/null 2>&1
cp "$dir/bcryptprimitives.dll" "$WINEPREFIX/drive_c/windows/system32/"
wine "$dir/tshmcp.exe" version

# Packages whose tests ask nothing of Windows that Wine has not. Theirs are many
# folders to remove, and Wine 8 answers Go's question for that with another "no" than
# Go knows: that one is added to Go's list, for these tests alone.
at=src/internal/syscall/windows/at_windows.go
goroot=$(go env GOROOT)
sed 's/^\t\tSTATUS_NOT_SUPPORTED: .*/\t\tSTATUS_NOT_SUPPORTED, NTStatus(0xC0000002):/' "$goroot/$at" >"$dir/at_windows.go"
printf '{"Replace":{"%s":"%s"}}' "$goroot/$at" "$dir/at_windows.go" >"$dir/overlay.json"
packages=(atomicfile connect errcode filewatch journal plain plainfile similar stdio terminal terminal/keys)
tests() { GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -vet=off -short -timeout 10m -overlay "$dir/overlay.json" -exec wine "$@"; }
# TestSeveral has four writers append to one file: Wine 8 looks where its end is, and
# writes there, in two steps (NtWriteFile), so that they write over each other.
tests -skip '^TestSeveral$' "${packages[@]/#/./internal/}"
tests -run '^TestState' ./internal/creds
tests -run '^TestForeignProgram$' ./internal/clientcfg
tests -run '^TestRunningPrograms$' ./internal/setup
# Wine makes a console of a terminal, which script makes.
GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -c -trimpath -vet=off -o "$dir/terminal.test.exe" ./internal/terminal
console() { script -qec "wine '$dir/terminal.test.exe' -test.v -test.timeout 5m -test.run '^TestConsole$'" /dev/null; }
console </dev/null >"$dir/console.log" 2>&1 && grep -q -e '--- PASS: TestConsole' "$dir/console.log" || { cat "$dir/console.log"; exit 1; }

TSHMCP_WINDOWS=$dir scripts/tests.sh ./cmd/tshmcp -count=1 -timeout 10m -run '^TestWindows$'
