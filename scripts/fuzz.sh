#!/usr/bin/env bash
# fuzz.sh HARNESS RUNS: runs one libFuzzer harness of fuzz/. A crash, a hang over a second or an
# allocation beyond the limit ends it with the offending input kept in .build-fuzz/found.
set -euo pipefail
cd "$(dirname "$0")/.."
harness=$1 runs=$2
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
PDFF_FUZZ=1 swift build -c release --sanitize=fuzzer --scratch-path .build-fuzz --product "$harness"
corpus=.build-fuzz/corpus/$harness found=.build-fuzz/found/
mkdir -p "$corpus" "$found"
seeds=fuzz/seeds/$harness
[ -d "$seeds" ] || seeds=
.build-fuzz/release/"$harness" -runs="$runs" -timeout=1 -rss_limit_mb=1024 -malloc_limit_mb=512 \
  -seed=1 -print_final_stats=1 -artifact_prefix="$found" "$corpus" $seeds
