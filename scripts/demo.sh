#!/usr/bin/env bash
# A phantom patient at 3 T, exported as a scanner would, and its tumour measured.
set -euo pipefail
cd "$(dirname "$0")/.."
pdff=${PDFF_BINARY:-.build/release/pdff}
rm -rf demo

echo '$ pdff phantom make liver-3t -o demo/patient'
"$pdff" phantom make liver-3t -o demo/patient
scan=demo/patient/sub-phantom/anat
mask=demo/patient/masks/tumour.nii.gz

echo
echo "\$ pdff measure $scan --roi $mask -o demo/result"
"$pdff" measure "$scan" --roi "$mask" -o demo/result

echo
echo "The maps lie in demo/result:"
ls -1 demo/result
