#!/usr/bin/env bash
# Rewrites the tables of docs/errors.md from the sources; the words above them stay.
set -euo pipefail
cd "$(dirname "$0")/.."
words=$(sed '/^## Errors$/,$d' docs/errors.md)
{
  printf '%s\n\n' "$words"
  "${PDFF_BINARY:-.build/release/pdff}" codes
} >docs/errors.md.new
mv docs/errors.md.new docs/errors.md
