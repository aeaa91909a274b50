#!/bin/bash
# Every phantom recipe at its own size: errors of pdff beside the floor's, as rows of
# docs/accuracy.md. Fails where a bound of the tests is broken. Ten minutes on two cores.
set -eu -o pipefail
cd "$(dirname "$0")/.."
export PDFF_PYTHON="${PDFF_PYTHON:-$PWD/.venv/bin/python}"
export PDFF_LONG=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift build -c release --build-tests > "$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
swift test -c release --skip-build --filter 'SeparationTests.AccuracyTests' > "$log" 2>&1 || status=$?
echo '| recipe | grid | liver median | its floor | liver bias | its floor | tumour bias | off by 20 | its floor |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- | --- |'
grep '^| ' "$log" | sort
if [ "$status" -ne 0 ]; then grep -A 2 'recorded an issue' "$log" >&2 || tail -20 "$log" >&2; fi
exit "$status"
