#!/usr/bin/env bash
# Runs real clients against the emulator, each installed from its own registry at a pinned version.
#
#   tests/clients.sh                 every client
#   tests/clients.sh python rclone   only these
#
# A line `client: N passed, N failed, N skipped` for each; exits 1 if anything failed. Everything is
# installed under the build directory, nothing into the machine.
set -eu -o pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
installed="$target/clients"
export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}" no_proxy="127.0.0.1,localhost${no_proxy:+,$no_proxy}"
export PYTHONDONTWRITEBYTECODE=1
# For tests that start an emulator of their own.
export BLOBFERRY="$target/debug/blobferry"
clients=(python legacy_python files node azcopy rclone backups object_store azure_storage_blob)

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=("${clients[@]}")
work=$(mktemp -d)
server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  # The server ends by our signal, which is no failure of the tests.
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  server=
}
trap 'stop; rm -rf "$work"' EXIT

# Serves two accounts on a free port; BLOBFERRY_EMULATOR is what `blobferry emulator` says of itself.
serve() {
  # What the last one said is not what this one says.
  rm -f "$work/said" "$work/log"
  "$target/debug/blobferry" emulator --port 0 --output json \
    --account northquay:bm9ydGhxdWF5IGtleQ== --account southquay:c291dGhxdWF5IGtleQ== >"$work/said" 2>"$work/log" &
  server=$!
  for _ in $(seq 100); do
    [ -s "$work/said" ] && break
    sleep 0.1
  done
  BLOBFERRY_EMULATOR=$(head -n 1 "$work/said")
  [ -n "$BLOBFERRY_EMULATOR" ] || { cat "$work/log"; exit 1; }
  export BLOBFERRY_EMULATOR
}

# once DIRECTORY FILE... -- COMMAND...  runs the command unless it ran for these very files.
once() {
  local directory=$1 files=()
  shift
  while [ "$1" != -- ]; do files+=("$1"); shift; done
  shift
  local seal
  seal=$(cat "${files[@]}" | sha256sum)
  [ "$(cat "$directory/.installed" 2>/dev/null)" != "$seal" ] || return 0
  rm -rf "$directory"
  mkdir -p "$directory"
  "$@" >"$work/install" 2>&1 || { cat "$work/install"; return 1; }
  echo "$seal" >"$directory/.installed"
}

# virtual_environment DIRECTORY REQUIREMENTS  Python packages in a place of their own.
virtual_environment() {
  python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
}

# node_modules DIRECTORY PACKAGE  The modules of a package's lock file in a place of their own.
node_modules() {
  cp "$2"/package{,-lock}.json "$1" && npm ci --prefix "$1" --no-audit --no-fund
}

install_python() {
  local needs=tests/clients/python/requirements.txt
  once "$installed/python" "$needs" -- virtual_environment "$installed/python" "$needs"
}
run_python() { "$installed/python/bin/python" -m pytest -q tests/clients/python; }

# azure-storage-blob of before 2019, and libraries that keep files and tables in blobs.
install_legacy_python() {
  local needs=tests/clients/legacy_python/requirements.txt
  once "$installed/legacy_python" "$needs" -- virtual_environment "$installed/legacy_python" "$needs"
}
run_legacy_python() { "$installed/legacy_python/bin/python" -m pytest -q tests/clients/legacy_python; }
install_files() {
  local needs=tests/clients/files/requirements.txt
  once "$installed/files" "$needs" -- virtual_environment "$installed/files" "$needs"
}
run_files() { "$installed/files/bin/python" -m pytest -q tests/clients/files; }

# The modules are looked for beside the tests, so the tests are copied to where the modules are.
install_node() {
  local from=tests/clients/node
  once "$installed/node" "$from"/package{,-lock}.json -- node_modules "$installed/node" "$from"
}
run_node() {
  cp tests/clients/node/*.js "$installed/node/"
  (cd "$installed/node" && node run.js)
}

install_azcopy() {
  local from=tests/clients/azcopy to="$installed/azcopy"
  once "$to" "$from"/package{,-lock}.json "$from/empty_keyring.c" -- azcopy_with_keyring "$to" "$from"
}
azcopy_with_keyring() {
  local program="$1/node_modules/@azure-tools/azcopy-linux/dist/bin/azcopy_linux_amd64" library
  node_modules "$1" "$2" && chmod +x "$program" && ln -s "$program" "$1/azcopy" && mkdir "$1/keyring"
  ldd "$program" | awk '/not found/ { print $1 }' | while read -r library; do
    cc -shared -fPIC -Wl,-soname,"$library" -o "$1/keyring/$library" "$2/empty_keyring.c"
  done
}
run_azcopy() {
  AZCOPY="$installed/azcopy/azcopy" LD_LIBRARY_PATH="$installed/azcopy/keyring" AZCOPY_DISABLE_SYSLOG=true \
    AZCOPY_LOG_LOCATION="$work/azcopy" AZCOPY_JOB_PLAN_LOCATION="$work/azcopy" AZCOPY_CONCURRENCY_VALUE=8 \
    python3 -m unittest discover -v -s tests/clients/azcopy
}

install_rclone() {
  local needs=tests/clients/rclone/requirements.txt
  once "$installed/rclone" "$needs" -- virtual_environment "$installed/rclone" "$needs"
}
run_rclone() { RCLONE="$installed/rclone/bin/rclone" python3 -m unittest discover -v -s tests/clients/rclone; }

# Programs of Debian, whose release pins their versions.
install_backups() {
  dpkg -s restic pgbackrest >"$work/install" 2>&1 && return
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends restic pgbackrest; } \
    >"$work/install" 2>&1 || { cat "$work/install"; return 1; }
}
run_backups() { python3 -m unittest discover -v -s tests/clients/backups; }

# The Rust clients are tests of one package, built where nothing of the project's own is.
install_object_store() { rust --no-run >"$work/install" 2>&1 || { cat "$work/install"; return 1; }; }
run_object_store() { rust --test object_store; }
install_azure_storage_blob() { install_object_store; }
run_azure_storage_blob() { rust --test azure_storage_blob; }
rust() {
  CARGO_TARGET_DIR="$installed/rust" RUST_BACKTRACE=0 \
    cargo test --locked --manifest-path tests/clients/rust/Cargo.toml "$@"
}

# Test runners count in their own words.
count_object_store() { awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0; print f + 0; print i + 0 }' "$work/ran"; }
count_azure_storage_blob() { count_object_store; }
count_node() { awk '/^# (pass|fail|skipped) / { n[$2] = $3 } END { print n["pass"] + 0; print n["fail"] + 0; print n["skipped"] + 0 }' "$work/ran"; }
count_python() { sum passed; sum failed error errors; sum skipped; }
count_legacy_python() { count_python; }
count_files() { count_python; }
# unittest tells each test and, last, what went wrong.
count_azcopy() { awk '/ \.\.\. ok$|^ok$/ { p++ } / \.\.\. (FAIL|ERROR)$|^(FAIL|ERROR)$/ { f++ } / \.\.\. skipped/ { s++ } END { print p + 0; print f + 0; print s + 0 }' "$work/ran"; }
count_rclone() { count_azcopy; }
count_backups() { count_azcopy; }
sum() { awk -v words="$*" 'BEGIN { split(words, w); for (i in w) want[w[i]] }
  / in [0-9.]+s/ { n = 0; for (i = 2; i <= NF; i++) { g = $i; sub(/,$/, "", g); if (g in want) n += $(i - 1) } }
  END { print n + 0 }' "$work/ran"; }

cargo build --locked -q -p blobferry-cli
status=0
for client in "${wanted[@]}"; do
  "install_$client" || { echo "$client: 0 passed, 1 failed, 0 skipped"; status=1; continue; }
  serve
  ended=0
  "run_$client" >"$work/ran" 2>&1 || ended=$?
  stop
  read -r -d '' passed failed skipped < <("count_$client"; printf '\0') || true
  if [ "$ended" -ne 0 ] || [ "$failed" -ne 0 ] || [ "$passed" -eq 0 ]; then
    tail -n 400 "$work/ran"
    [ "$failed" -gt 0 ] || failed=1
    status=1
  fi
  echo "$client: $passed passed, $failed failed, $skipped skipped"
done
exit "$status"
