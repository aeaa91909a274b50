#!/usr/bin/env bash
# A phantom patient at 3 T, exported as a scanner would: its tumour measured, corrected by the ledger of its
# scanner, and shown to the demonstration model.
set -euo pipefail
cd "$(dirname "$0")/.."
pdff=${PDFF_BINARY:-.build/release/pdff}
rm -rf demo

echo '$ pdff phantom make liver-3t -o demo/patient'
"$pdff" phantom make liver-3t -o demo/patient
scan=demo/patient/sub-phantom/anat
mask=demo/patient/masks/tumour.nii.gz

vials=models/demonstration/vials.csv
echo
echo "\$ pdff scanner add --ledger demo/scanners.json --scanner DEMO --protocol liver-3t --phantom $vials \\"
echo "    --temperature-c 21 --date 2026-01-05"
"$pdff" scanner add --ledger demo/scanners.json --scanner DEMO --protocol liver-3t \
  --phantom "$vials" --temperature-c 21 --date 2026-01-05

model=models/demonstration/model.json
echo
echo "\$ pdff measure $scan --roi $mask --acquired-on 2026-02-01 --ledger demo/scanners.json \\"
echo "    --scanner DEMO --protocol liver-3t --model $model -o demo/result"
"$pdff" measure "$scan" --roi "$mask" --acquired-on 2026-02-01 --ledger demo/scanners.json \
  --scanner DEMO --protocol liver-3t --model "$model" -o demo/result

echo
echo "The maps lie in demo/result:"
ls -1 demo/result

echo
echo "A simulated study of 86 participants, recorded by some 670 commands:"
echo '$ models/demonstration/study/run.sh demo/study'
models/demonstration/study/run.sh demo/study
echo
echo '$ pdff registry status demo/study/study.db --on 2026-06-16 --limit 12 --by coordinator \'
echo '    --token-file demo/study/coordinator.token'
"$pdff" registry status demo/study/study.db --on 2026-06-16 --limit 12 --by coordinator \
  --token-file demo/study/coordinator.token

echo
echo "Look at the report of the measurement in a browser: $PWD/$(ls demo/result/*report.html)"
echo "The study's worklist in a browser, once a password is set:"
echo '$ pdff serve --registry demo/study/study.db --set-password coordinator'
echo '$ pdff serve --registry demo/study/study.db --on 2026-06-16'
