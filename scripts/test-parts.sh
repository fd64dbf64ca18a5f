#!/usr/bin/env bash
# Installs the parts that the tests talk to, when they are missing and it may:
# a C compiler (for the race detector), Chromium, a Secret Service with its
# session bus, the protobuf compiler, strace, the shells whose completion is tried,
# and npm, which fetches the MCP conformance suite and a node that is new enough
# for it. What cannot be had is named, and the tests that need it print why they
# are skipped.
set -u

declare -A package=(
  [gcc]=gcc
  [chromium]=chromium
  [gnome-keyring-daemon]=gnome-keyring
  [dbus-run-session]=dbus-daemon
  [dbus-send]=dbus-bin
  [protoc]=protobuf-compiler
  [google/protobuf/empty.proto]=libprotobuf-dev
  [strace]=strace
  [zsh]=zsh
  [fish]=fish
  [bash-completion]=bash-completion
  [node]=nodejs
  [npm]=npm
)

# protoc's own .proto files come in a package that Debian only recommends.
protos=google/protobuf/empty.proto
# A library of bash, which is no program.
completion=/usr/share/bash-completion/bash_completion

missing=()
for tool in "${!package[@]}"; do
  [ "$tool" = "$protos" ] || { [ "$tool" = bash-completion ] && [ -e "$completion" ]; } || command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ ! -e "/usr/include/$protos" ] && [ ! -e "$(dirname "$(command -v protoc || echo /usr/bin/protoc)")/../include/$protos" ]; then
  missing+=("$protos")
fi
[ ${#missing[@]} -eq 0 ] && exit 0

packages=()
for tool in "${missing[@]}"; do packages+=("${package[$tool]}"); done
"$(dirname "$0")/install.sh" "${packages[@]}" || echo "test-parts: the tests that need ${missing[*]} are skipped" >&2
exit 0
