#!/usr/bin/env bash
# Makes the npm packages of a release: pack.sh VERSION DIST OUT takes the
# binaries that goreleaser left in DIST and writes tarballs to OUT: one package
# for each platform, and tshmcp, which npm installs with the one that fits.
set -euo pipefail
version=$1 dist=$2
mkdir -p "$3"
out=$(realpath "$3")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# What all packages say of themselves.
about='"version": "'$version'", "license": "Apache-2.0", "homepage": "https://github.com/tshmcp/tshmcp",
  "repository": {"type": "git", "url": "git+https://github.com/tshmcp/tshmcp.git"}'

optional=
for target in linux:linux darwin:darwin windows:win32; do
  for arch in amd64:x64 arm64:arm64; do
    os=${target#*:} cpu=${arch#*:}
    bin=$(find "$dist" -path "*_${target%:*}_${arch%:*}*/tshmcp*" -type f | head -n 1)
    [ -n "$bin" ] || { echo "pack: no binary for ${target%:*}/${arch%:*} in $dist" >&2; exit 1; }
    dir=$work/$os-$cpu
    mkdir "$dir"
    install -m 755 "$bin" "$dir/"
    cp "$here/../../LICENSE" "$dir/"
    cat >"$dir/package.json" <<JSON
{"name": "@tshmcp/$os-$cpu", $about,
  "description": "The binary of tshmcp for $os on $cpu", "os": ["$os"], "cpu": ["$cpu"], "preferUnplugged": true}
JSON
    optional+="${optional:+, }\"@tshmcp/$os-$cpu\": \"$version\""
  done
done

mkdir "$work/tshmcp"
cp "$here/tshmcp.js" "$here/../../LICENSE" "$here/../../README.md" "$work/tshmcp/"
cat >"$work/tshmcp/package.json" <<JSON
{"name": "tshmcp", $about,
  "description": "Use MCP servers behind Teleport from any MCP client", "keywords": ["mcp", "teleport"],
  "bin": {"tshmcp": "tshmcp.js"}, "engines": {"node": ">=18"},
  "optionalDependencies": {$optional}}
JSON

for dir in "$work"/*/; do
  npm pack --silent --pack-destination "$out" "$dir" >/dev/null
done
