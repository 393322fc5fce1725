#!/bin/sh
# Compares the lanes with each other: the same seeds take the same steps on every platform.
#
# A simulation prints `trace NAME SEEDS HASH`. Lanes that ran NAME over as many seeds agree on HASH,
# and a trace that only one lane ran compares with nothing, which is a failure too.
set -eu
logs=$1
pattern='^[0-9: ]*trace \([^ ]*\) \([0-9]*\) \([0-9a-f]*\)$'
for lane in native asan asan-clang wasi emscripten; do
  [ -e "$logs/$lane.log" ] &&
    sed -n "s/$pattern/\1 \2 \3 $lane/p" "$logs/$lane.log"
done | sort -u | awk '
  { key = $1 " " $2; lanes[key]++; by_lane[key] = by_lane[key] " " $4 "=" $3
    if (!(key in hash)) hash[key] = $3
    else if (hash[key] != $3) differs[key] = 1 }
  END {
    for (key in hash) {
      if (key in differs) { failed++; print "differs: " key by_lane[key] }
      else if (lanes[key] < 2) { failed++; print "only one lane: " key by_lane[key] }
      else { passed++; print "equal: " key by_lane[key] }
    }
    print passed + 0 " passed, " failed + 0 " failed"
    exit failed > 0
  }'
