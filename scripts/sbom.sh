#!/usr/bin/env bash
# Writes the list of modules in a binary, in CycloneDX: sbom.sh BINARY FILE.
# What it is made of is read from the binary itself; the network is not asked.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
exec go tool -modfile="$here/tools/release/go.mod" cyclonedx-gomod bin -json -noserial -output "$2" "$1"
