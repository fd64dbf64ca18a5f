#!/usr/bin/env bash
# Makes what a release has beside the binary: release-files.sh DIR gets DIR/man
# and DIR/completions, both made by the program itself, and the same for each
# run on one commit.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(realpath -m "$1")
rm -rf "$dir"
mkdir -p "$dir/man" "$dir/completions"

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
go test ./cmd/tshmcp -count=1 -run '^TestManPages$' -man="$dir/man" >/dev/null
gzip -9n "$dir"/man/*.1

bin=$(mktemp -d)
trap 'rm -r "$bin"' EXIT
go build -o "$bin/tshmcp" ./cmd/tshmcp
"$bin/tshmcp" completion bash >"$dir/completions/tshmcp.bash"
"$bin/tshmcp" completion zsh >"$dir/completions/_tshmcp"
"$bin/tshmcp" completion fish >"$dir/completions/tshmcp.fish"
"$bin/tshmcp" completion powershell >"$dir/completions/tshmcp.ps1"
