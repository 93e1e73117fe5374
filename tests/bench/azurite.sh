#!/usr/bin/env bash
# Installs Azurite, pinned by azurite/package-lock.json, into a folder and prints that folder.
#
#   tests/bench/azurite.sh [FOLDER]     target/bench-azurite unless named
#
# Where npm or the network is missing it says so on standard error and prints nothing: the benchmarks
# then run without Azurite's figures, and say that too.
set -u
cd "$(dirname "$0")/../.."
folder=${1:-${CARGO_TARGET_DIR:-target}/bench-azurite}
here=tests/bench/azurite
if ! cmp -s "$here/package-lock.json" "$folder/package-lock.json" || [ ! -f "$folder/.installed" ]; then
  mkdir -p "$folder"
  cp "$here/package.json" "$here/package-lock.json" "$folder/"
  rm -f "$folder/.installed"
  if ! timeout 300 npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund >"$folder/npm.log" 2>&1; then
    echo "!!! AZURITE COULD NOT BE INSTALLED (see $folder/npm.log)" >&2
    exit 0
  fi
  touch "$folder/.installed"
fi
echo "$folder"
