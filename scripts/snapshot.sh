#!/usr/bin/env bash
# Makes a release of this commit without publishing it, and tries what came out:
# what is in the archives and packages, that the deb can be installed and removed
# again, that the npm packages start, and that a second build is the same.
set -euo pipefail
cd "$(dirname "$0")/.."
release() { go tool -modfile=tools/release/go.mod "$@"; }
fail() { echo "snapshot: $*" >&2; exit 1; }
has() { grep -qx -- "$2" <<<"$1" || fail "$3 has no $2; it has: $1"; }

release actionlint .github/workflows/*.yml
release goreleaser check --quiet
release goreleaser release --snapshot --clean --skip=sign,publish,validate
version=$(jq -r .version dist/metadata.json)

for target in linux_amd64 linux_arm64 darwin_amd64 darwin_arm64; do
  files=$(tar tf "dist/tshmcp_${version}_$target.tar.gz")
  for file in tshmcp LICENSE README.md CHANGELOG.md man/tshmcp-connect.1.gz completions/tshmcp.bash; do
    has "$files" "$file" "the archive of $target"
  done
done
for arch in amd64 arm64; do
  zip=dist/tshmcp_${version}_windows_$arch.zip
  files=$(unzip -Z1 "$zip")
  for file in tshmcp.exe LICENSE README.md CHANGELOG.md man/tshmcp-connect.1.gz completions/tshmcp.ps1; do
    has "$files" "$file" "the archive of windows_$arch"
    [ "$(unzip -p "$zip" "$file" | wc -c)" -gt 100 ] || fail "$file in the archive of windows_$arch is empty"
  done
  unzip -p "$zip" tshmcp.exe >dist/unpacked.exe
  go version -m dist/unpacked.exe | grep -q "GOARCH=$arch" || fail "tshmcp.exe in the archive of windows_$arch is for another machine"
  rm dist/unpacked.exe
done
(cd dist && sha256sum --quiet -c checksums.txt)
for arch in amd64 arm64; do
  files=$(tar tzf "dist/tshmcp_${version}_linux_$arch.apk" 2>/dev/null)
  for file in usr/bin/tshmcp usr/share/man/man1/tshmcp.1.gz usr/share/zsh/site-functions/_tshmcp; do
    has "$files" "$file" "the apk of $arch"
  done
  rpm=dist/tshmcp_${version}_linux_$arch.rpm
  if command -v rpm >/dev/null; then
    files=$(rpm -qpl --nosignature "$rpm")
    for file in usr/bin/tshmcp usr/share/man/man1/tshmcp.1.gz usr/share/bash-completion/completions/tshmcp \
      usr/share/zsh/site-functions/_tshmcp usr/share/fish/vendor_completions.d/tshmcp.fish usr/share/doc/tshmcp/copyright; do
      has "$files" "/$file" "the rpm of $arch"
    done
    case $arch-$(rpm -qp --nosignature --queryformat '%{ARCH}' "$rpm") in
    amd64-x86_64 | arm64-aarch64) ;;
    *) fail "the rpm of $arch is for another machine" ;;
    esac
  else
    echo "snapshot: what is in the rpm of $arch is not looked at: no rpm here"
    [ "$(head -c 4 "$rpm" | od -An -tx1 | tr -d ' ')" = edabeedb ] || fail "the rpm of $arch is none"
  fi
done
for made in homebrew/Casks/tshmcp.rb scoop/tshmcp.json; do
  [ -s "dist/$made" ] || fail "there is no dist/$made"
done
for part in 'binary "tshmcp"' 'manpage "man/tshmcp.1.gz"' bash_completion zsh_completion fish_completion com.apple.quarantine; do
  grep -qF -- "$part" dist/homebrew/Casks/tshmcp.rb || fail "the cask has no $part"
done
find dist/winget -name '*.yaml' | grep -q . || fail "there are no winget manifests"
for sbom in dist/*.cdx.json; do
  jq -e '.components | map(.name) | index("github.com/spf13/cobra")' "$sbom" >/dev/null || fail "$sbom names no modules"
done

# The deb goes into a root of its own, as the machine's packages are nobody's business here.
case $(uname -m) in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) fail "no package for $(uname -m)" ;; esac
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
if command -v dpkg >/dev/null; then
  mkdir -p "$root/var/lib/dpkg/"{info,updates}
  touch "$root/var/lib/dpkg/"{status,available}
  deb() { dpkg --force-not-root --force-script-chrootless --force-architecture --root="$root" --log=/dev/null "$@"; }
  deb -i "dist/tshmcp_${version}_linux_$arch.deb" >/dev/null
  "$root/usr/bin/tshmcp" version
  [ -s "$root/usr/share/man/man1/tshmcp.1.gz" ] || fail "the deb has no manual"
  for file in bash-completion/completions/tshmcp zsh/vendor-completions/_tshmcp fish/vendor_completions.d/tshmcp.fish; do
    [ -s "$root/usr/share/$file" ] || fail "the deb has no $file"
  done
  deb -P tshmcp >/dev/null
  [ ! -e "$root/usr/bin/tshmcp" ] || fail "the deb stays when it is removed"
else
  echo "snapshot: the deb is not installed: no dpkg here"
fi

if command -v npm >/dev/null; then
  packaging/npm/pack.sh "$(jq -r .version dist/metadata.json)" dist dist/npm
  cpu=$(node -p process.arch)
  npm install --silent --no-audit --no-fund --offline --no-save --prefix "$root/npm" \
    dist/npm/tshmcp-linux-"$cpu"-*.tgz dist/npm/tshmcp-[0-9]*.tgz >/dev/null
  "$root/npm/node_modules/.bin/tshmcp" version
else
  echo "snapshot: the npm packages are not tried: no npm here"
fi

# The same commit gives the same bytes, as `make build` makes them.
for target in linux/amd64 windows/arm64; do
  made=$(find dist -path "*_${target%/*}_${target#*/}*/tshmcp*" -type f | head -n 1)
  GOOS=${target%/*} GOARCH=${target#*/} make --no-print-directory build BIN="$root/again"
  cmp "$made" "$root/again" || fail "a second build for $target differs"
done
# The version is that of the tag (below v2, as the name of the module has it).
git clone --quiet . "$root/tagged"
git -C "$root/tagged" -c tag.gpgSign=false tag v1.98.7
make --no-print-directory -C "$root/tagged" build BIN="$root/tagged-binary"
"$root/tagged-binary" version | grep -q '^tshmcp v1\.98\.7 ' || fail "the version of v1.98.7 is $("$root/tagged-binary" version)"
ls -l dist dist/npm | awk 'NF > 8 {print $5, $9}'
