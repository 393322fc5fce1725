#!/bin/sh
# Does what README.md says, to the letter: its shell block builds and runs the example, and its C
# is the example's. Run from the root, on the build of the native lane.
set -eu
readme=bindings/c/README.md
example=bindings/c/example/verify_stripe.c
scratch=build/c_readme
mkdir -p "$scratch"
passed=0
failed=0

check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n  expected: %s\n  got:      %s\n' "$1" "$3" "$2"
  fi
}

# The lines of the README's first block in a language.
block() {
  awk -v fence="\`\`\`$1" '
    $0 == fence { on = !seen; seen = 1; next }
    /^```$/ { on = 0 }
    on' "$readme"
}

inner=$(awk '/example: end/ { on = 0 } on { print } /example: begin/ { on = 1 }' "$example")
check 'the C of the README is the example' "$(block c)" "$inner"

block sh >"$scratch/block.sh"
check 'the README says how to build' "$(grep -c '^cc ' "$scratch/block.sh")" 1
said=$(sh -eu "$scratch/block.sh" 2>"$scratch/errors" | tail -n 1)
check 'what it builds accepts' "$said" 'accepted evt_1'
check 'nothing warns' "$(cat "$scratch/errors")" ''

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
