#!/usr/bin/env bash
# Runs core's benchmarks and prints each figure with the ratio to the floor named beside it.
#
#   tests/bench.sh            full measurement
#   tests/bench.sh --short    fewer samples, for the everyday check
#
# The machine is noisy: read ratios, which are measured in one run, before absolute figures.
set -eu
cd "$(dirname "$0")/.."
options=()
[ "${1:-}" = --short ] && options=(--warm-up-time 0.5 --measurement-time 2 --sample-size 20)
for bench in sign_copy list_page fleet; do
  cargo bench --locked -q -p blobferry-core --bench "$bench" -- --noplot "${options[@]}" 2>&1 | grep -vE '^(Benchmarking|Found|  [0-9]+ \(|$)'
done
