#!/usr/bin/env bash
# Makes the demonstration model again from its recipe; a test holds all three files together.
set -euo pipefail
cd "$(dirname "$0")"
python3 cohort.py >cohort.csv
"${PDFF_BINARY:-../../.build/release/pdff}" subtype fit cohort.csv -o model.json \
  --name demonstration --version 1 --status demonstration --calibrated
