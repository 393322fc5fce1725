#!/bin/sh
# Puts each known defect back, one at a time, and expects its test to notice.
#
# A mutant is a patch whose first line is `# test: FILTER`, the doctest name of the test that must
# turn red (`*` is a wildcard), one of the core or of the native host. It is applied to a copy of
# the tree, so the tree itself is never touched, and objects that a mutant does not touch are built
# once.
#
# usage: native-tests/mutants/run.sh [NAME...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
copy=$root/build/mutants/tree
log=$root/build/mutants/log
mkdir -p "$copy"

# Copies by content, so that what did not change keeps its time and is not built again.
cd "$root"
git ls-files --cached --others --exclude-standard -- CMakeLists.txt CMakePresets.json cmake src \
  host-shims/native native-tests bindings bench | while read -r file; do
  [ -e "$file" ] || continue
  cmp -s "$file" "$copy/$file" && continue
  mkdir -p "$copy/$(dirname "$file")"
  cp "$file" "$copy/$file"
done
cd "$copy"

# build_tests PROGRAM...
build_tests() {
  { cmake --preset native && cmake --build --preset native --target "$@"; } >"$log" 2>&1
}

has_test() {
  "build/native/$1" --count --test-case="$2" | grep -q 'filters: [1-9]'
}

build_tests sluice_tests sluice_native_tests || {
  tail -n 20 "$log"
  echo 'mutants: the tree itself does not build' >&2
  exit 1
}

caught=0
missed=0
for patch in "$here"/*.patch; do
  [ -e "$patch" ] || continue
  name=$(basename "$patch" .patch)
  [ $# = 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
  filter=$(sed -n '1s/^# test: //p' "$patch")
  verdict=
  tests=sluice_tests
  has_test "$tests" "$filter" || tests=sluice_native_tests
  if [ -z "$filter" ]; then
    verdict='names no test'
  elif ! has_test "$tests" "$filter"; then
    verdict="names no test that exists: $filter"
  elif ! patch -p1 --batch --forward --dry-run <"$patch" >"$log" 2>&1; then
    verdict='does not apply any more'
  else
    cp "build/native/$tests" "build/native/$tests.sound"
    patch -p1 --batch --forward <"$patch" >"$log" 2>&1
    if ! build_tests "$tests"; then
      verdict='does not compile'
    elif timeout -k 5 300 "build/native/$tests" --test-case="$filter" >"$log" 2>&1; then
      verdict="is not noticed by: $filter"
    fi
    patch -p1 --batch --reverse <"$patch" >/dev/null
    find src host-shims -name '*.orig' -delete
    mv "build/native/$tests.sound" "build/native/$tests"
  fi
  if [ -z "$verdict" ]; then
    caught=$((caught + 1))
    echo "caught: $name"
  else
    missed=$((missed + 1))
    echo "MISSED: $name $verdict"
    [ ! -s "$log" ] || tail -n 10 "$log" | sed 's/^/  | /'
  fi
done
echo "$caught passed, $missed failed"
[ "$missed" = 0 ] && [ "$caught" != 0 ]
