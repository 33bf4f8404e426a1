#!/usr/bin/env bash
# Installs what the project needs and this machine lacks. `setup.sh build` is enough for a page,
# `setup.sh all` adds the browser and the Python packages that the tests use.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${METRICFLOW_CACHE:-$HOME/.cache/metricflow}
tools=$cache/tools
what=${1:-all}
mkdir -p "$cache"

say() { printf '\033[1m[setup]\033[0m %s\n' "$*"; }
need() { command -v "$1" >/dev/null || { say "$1 is missing: $2"; exit 1; }; }
# True when stamp $1 does not hold the text $2.
stale() { [ "$(cat "$cache/$1.stamp" 2>/dev/null)" != "$2" ]; }
stamp() { printf '%s' "$2" >"$cache/$1.stamp"; }

need cargo "install Rust with rustup"
need npm "install Node.js 20 or newer"

if ! rustup target list --installed | grep -qx wasm32-unknown-unknown; then
    say "adding the wasm32 target"
    rustup target add wasm32-unknown-unknown
fi

bindgen=$(sed -nE 's/^wasm-bindgen = "=([0-9.]+)"/\1/p' Cargo.toml)
if ! "$tools/bin/wasm-bindgen" --version 2>/dev/null | grep -qF "$bindgen"; then
    say "building wasm-bindgen $bindgen (about two minutes)"
    cargo install wasm-bindgen-cli --version "$bindgen" --no-default-features --root "$tools" --quiet
fi

trunk=0.22.1
if ! "$tools/bin/trunk" --version 2>/dev/null | grep -qF "$trunk"; then
    say "building trunk $trunk (about five minutes)"
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install trunk --version "$trunk" --locked --ignore-rust-version \
        --no-default-features --features rustls --root "$tools" --quiet
fi

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "installing npm packages"
    npm ci --no-audit --no-fund --loglevel=error
fi

[ "$what" = all ] || exit 0

if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
    say "installing Chromium from Debian's packages"
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null
fi

if ! command -v firefox-esr >/dev/null || ! command -v WebKitWebDriver >/dev/null || ! command -v Xvfb >/dev/null; then
    say "installing Firefox and WebKitGTK from Debian's packages"
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends firefox-esr webkit2gtk-driver xvfb >/dev/null
fi

# Spark 3.5 runs on Java 8, 11 or 17.
if ! command -v java >/dev/null; then
    say "installing Java from Debian's packages"
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi

requirements=tests/parity/requirements.txt
sum=$(sha256sum "$requirements" | cut -c1-64)
if stale python "$sum" || [ ! -x "$cache/python/bin/python" ]; then
    need python3 "install Python 3.11 or newer"
    say "installing Python packages"
    python3 -m venv "$cache/python"
    "$cache/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
    stamp python "$sum"
fi
