#!/usr/bin/env bash
# Installs Debian packages: install.sh PACKAGE... It says why if it cannot, and
# fails then.
set -u

say() { printf 'install: %s\n' "$*" >&2; }

if ! command -v apt-get >/dev/null; then
  say "not on Debian or Ubuntu, so these stay missing: $*"
  exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    say "may not install packages, so these stay missing: $*"
    exit 1
  fi
  sudo="sudo -n"
fi

say "installing $*"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1; then
  tail -n 5 "$log" >&2
  say "could not install $*"
  exit 1
fi
