#!/usr/bin/env bash
# Builds core for wasm32 and fails if the module imports anything: the proof that core asks nobody.
#
# Uses the installed wasm32 standard library where there is one, else builds it from Debian's sources
# (packages rustc-web, cargo-web, rust-web-src), which needs a Debian machine and root.
set -eu
cd "$(dirname "$0")/.."
module=target/wasm/wasm32-unknown-unknown/release/blobferry_boundary.wasm
export CARGO_TARGET_DIR=target/wasm
flags=(--release --locked -p blobferry-boundary --target wasm32-unknown-unknown)

if [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
  cargo build "${flags[@]}"
else
  if ! dpkg -s rustc-web cargo-web rust-web-src >/dev/null 2>&1; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends rustc-web cargo-web rust-web-src
  fi
  linker=$(rustc --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld
  [ -x "$linker" ] || linker=$(command -v wasm-ld)
  debian=$(dirname "$(dpkg -L cargo-web | grep -m1 '/bin/cargo$')")
  env PATH="$debian:$PATH" RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker" \
    cargo build "${flags[@]}" -Z build-std=std,panic_abort
fi

python3 tests/wasm_imports.py "$module"
