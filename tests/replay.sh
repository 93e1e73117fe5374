#!/usr/bin/env bash
# Plays the recorded traffic of the real service against the emulator and scores its answers.
#
# Pauses pass in virtual time, by the emulator's control endpoint. Fails under 99 % of steps equal in
# status and error code, 97 % in headers, or 99 % in the shape of bodies, which shapes.py compares.
# Says SKIPPED where the recordings are not beside the project.
set -eu
cd "$(dirname "$0")/.."
shared=${BLOBFERRY_SHARED:-../shared}
if [ ! -f "$shared/recordings/replay.py" ]; then
  echo "SKIPPED: no recordings beside the repository (set BLOBFERRY_SHARED)"
  exit 0
fi

cargo build --locked -q -p blobferry-emulator --example serve
work=$(mktemp -d)
"${CARGO_TARGET_DIR:-target}/debug/examples/serve" --port 0 --control-port 0 >"$work/accounts" &
server=$!
stop() {
  kill "$server" 2>/dev/null || true
  # The server ends by our signal, which is no failure of the check.
  wait "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
for _ in $(seq 100); do
  [ "$(wc -l <"$work/accounts")" -ge 3 ] && break
  sleep 0.1
done
field() { sed -n "$1p" "$work/accounts" | tr ';' '\n' | sed -n "s/^$2=//p"; }

timeout 1200 python3 tests/shapes.py "$shared/recordings" --core --jobs 8 --max-gap "${REPLAY_GAP:-65}" \
  --advance-url "$(sed -n 3p "$work/accounts")/clock/advance?seconds={seconds}" \
  --endpoint "$(field 1 BlobEndpoint)" --account "$(field 1 AccountName)" --key "$(field 1 AccountKey)" \
  --secondary-endpoint "$(field 2 BlobEndpoint)" --secondary-account "$(field 2 AccountName)" \
  --secondary-key "$(field 2 AccountKey)" >"$work/report"
tail -n 1 "$work/report"
python3 - "$work/report" <<'P'
import re
import sys

last = open(sys.argv[1]).read().strip().splitlines()[-1]
shares = {name: int(right) / int(all_) for name, right, all_ in re.findall(r"([\w+ ]+): (\d+)/(\d+)", last)}
shares = {name.strip(): share for name, share in shares.items()}
print(", ".join(f"{name} {share:.2%}" for name, share in shares.items()))
if shares["status+code"] < 0.99 or shares["headers"] < 0.97:
    raise SystemExit("the emulator answers unlike the service")
P
