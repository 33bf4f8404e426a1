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

# Puts program $1 of crate $2 at version $3 into $tools: prebuilt by its authors where cargo-binstall is here and
# can get it, else compiled, with what else is given as cargo's arguments.
install_tool() {
    local program=$1 crate=$2 version=$3
    shift 3
    has_tool "$program" "$version" && return
    if cargo binstall -V >/dev/null 2>&1; then
        say "looking for a prebuilt $program $version"
        CARGO_INSTALL_ROOT=$tools BINSTALL_DISABLE_TELEMETRY=true timeout 120 cargo binstall "$crate@$version" \
            --strategies crate-meta-data --no-confirm --force --log-level error </dev/null || true
        if has_tool "$program" "$version"; then
            say "took the prebuilt $program $version"
            return
        fi
        say "no prebuilt $program $version for this machine"
    fi
    say "compiling $program $version (minutes; with cargo-binstall it takes seconds)"
    cargo install "$crate" --version "$version" --root "$tools" --quiet "$@"
}
has_tool() { "$tools/bin/$1" --version 2>/dev/null | grep -qF "$2"; }

bindgen=$(sed -nE 's/^wasm-bindgen = "=([0-9.]+)"/\1/p' Cargo.toml)
install_tool wasm-bindgen wasm-bindgen-cli "$bindgen" --no-default-features

export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1
install_tool trunk trunk 0.22.1 --locked --ignore-rust-version --no-default-features --features rustls
export -n CARGO_PROFILE_RELEASE_LTO CARGO_PROFILE_RELEASE_CODEGEN_UNITS CARGO_PROFILE_RELEASE_OPT_LEVEL

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
