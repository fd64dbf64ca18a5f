#!/usr/bin/env bash
# Makes the messages of generated code register themselves when one of them is
# first used, instead of before main: each start of the program pays for that, and
# few speak to an auth service. The package has a function register, which calls
# the file_*_init of all of its files once.
set -euo pipefail
for file in "$@"; do
  name=$(sed -n 's/^func init() { \(file_.*\)_init() }$/\1/p' "$file")
  test -n "$name" || { echo "lazypb: $file registers nothing" >&2; exit 1; }
  made=$(sed -n "s/^var \(${name}_[a-z]*Types\) = \(make(.*)\)$/\t\1 = \2\\\\n/p" "$file" | tr -d '\n')
  sed -i.was -E \
    -e "/^func init\(\) \{ ${name}_init\(\) \}$/d" \
    -e "s/^(var ${name}_[a-z]*Types) = make\((.*), [0-9]+\)$/\1 \2/" \
    -e "s/^(\tmi := &${name}_)msgTypes\[/\1messages()[/" \
    -e "s/^(\treturn &?${name}_)enumTypes\[/\1enums()[/" \
    -e "s/^(func ${name}_init\(\) \{)$/\1\n@made/" "$file"
  # After the check whether it was done, which is three lines.
  sed -i.was -E -e "/^@made$/{N;N;N;s/^@made\n(.*)$/\1\n${made%\\n}/}" "$file"
  rm "$file.was"
  printf '\nfunc %s_messages() []protoimpl.MessageInfo {\n\tregister()\n\treturn %s_msgTypes\n}\n' "$name" "$name" >>"$file"
  if grep -q "^var ${name}_enumTypes" "$file"; then
    printf '\nfunc %s_enums() []protoimpl.EnumInfo {\n\tregister()\n\treturn %s_enumTypes\n}\n' "$name" "$name" >>"$file"
  fi
done
