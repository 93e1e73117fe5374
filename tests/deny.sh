#!/usr/bin/env bash
# Checks licences, sources and bans of all dependencies. Advisories need a git database and are left
# to the day they can be fetched; that is why they are not named here.
set -eu
cd "$(dirname "$0")/.."
command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
cargo deny --all-features check licenses sources bans
