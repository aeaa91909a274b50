#!/usr/bin/env bash
# fuzz.sh HARNESS RUNS: runs one libFuzzer harness of fuzz/ on RUNS inputs, from seeds made here. A
# crash, an input that takes over a second or an allocation beyond the limits ends it; the offending
# input is kept in .build-fuzz/found.
set -euo pipefail
cd "$(dirname "$0")/.."
harness=$1 runs=$2
export SWIFT_BACKTRACE=enable=no
PDFF_FUZZ=1 swift build -c release --sanitize=fuzzer --scratch-path .build-fuzz --product "$harness"

kind=$(tr '[:upper:]' '[:lower:]' <<<"${harness#Fuzz}")
corpus=.build-fuzz/corpus/$kind found=.build-fuzz/found/
mkdir -p "$corpus" "$found" .build-fuzz/seeds
python3 fuzz/seeds.py .build-fuzz/seeds
seeds=()
[ -d ".build-fuzz/seeds/$kind" ] && seeds=(".build-fuzz/seeds/$kind")
.build-fuzz/release/"$harness" -runs="$runs" -timeout=1 -rss_limit_mb=512 -malloc_limit_mb=64 \
  -seed=1 -print_final_stats=1 -artifact_prefix="$found" "$corpus" "${seeds[@]}"
