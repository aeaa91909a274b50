#!/usr/bin/env bash
# A phantom patient at 3 T, exported as a scanner would, and its tumour measured.
set -euo pipefail
cd "$(dirname "$0")/.."
pdff=${PDFF_BINARY:-.build/release/pdff}
rm -rf demo

echo '$ pdff phantom make liver-3t -o demo/patient'
"$pdff" phantom make liver-3t -o demo/patient
mask=$(find demo/patient -name '*tumour*.nii.gz' | head -1)

echo
echo "\$ pdff measure demo/patient --roi $mask -o demo/result"
"$pdff" measure demo/patient --roi "$mask" -o demo/result

echo
echo "The maps lie in demo/result:"
ls -1 demo/result
