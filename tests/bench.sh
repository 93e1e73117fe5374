#!/usr/bin/env bash
# Runs every benchmark and prints each figure with its floor, its ratio and its goal.
#
#   tests/bench.sh                      full measurement, about ten minutes: what is published
#   tests/bench.sh --short              fewer and shorter rounds, for the everyday check
#   tests/bench.sh --check              full, and fails where a goal is missed by far
#   tests/bench.sh --emulator rate      only the emulator's, or some of them (tests/bench/README.md)
#
# The machine is noisy: read ratios, which are measured in one run, before absolute figures.
set -eu
cd "$(dirname "$0")/.."
short='' check='' core=1 only=()
for word in "$@"; do
  case "$word" in
    --short) short=1 ;;
    --check) check=1 ;;
    --emulator) core='' ;;
    *) only+=("$word") ;;
  esac
done

if [ -n "$core" ]; then
  options=()
  [ -n "$short" ] && options=(--warm-up-time 0.2 --measurement-time 0.5 --sample-size 10)
  for bench in sign_copy list_page fleet; do
    cargo bench --locked -q -p blobferry-core --bench "$bench" -- --noplot "${options[@]}" 2>&1 |
      grep -vE '^(Benchmarking|Found|  [0-9]+ \(|$)'
  done
fi

target=${CARGO_TARGET_DIR:-target}
options=()
if [ -n "$short" ]; then
  # Whole-program optimisation would take longer than the measurement.
  cargo build --locked -q --release -p blobferry-bench
  bench=$target/release/blobferry-bench
  options+=(--short)
else
  cargo build --locked -q --profile dist -p blobferry-bench -p blobferry-cli
  bench=$target/dist/blobferry-bench
  options+=(--binary "$target/dist/blobferry")
fi
[ -z "$check" ] || options+=(--check)
azurite=$(tests/bench/azurite.sh)
[ -z "$azurite" ] || options+=(--azurite "$azurite")
"$bench" "${options[@]}" "${only[@]}"
