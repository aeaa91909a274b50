#!/usr/bin/env bash
# Records the simulated study by the commands of pdff alone: run.sh FOLDER. The folder must be new; in it lie
# afterwards the registry (study.db), the measurements (scans) and the tokens of its invented users.
# recipe.py made commands.tsv and scans.tsv.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export pdff=${PDFF_BINARY:-$here/../../../.build/release/pdff}
export folder=$1 here
mkdir "$folder" "$folder/scans" "$folder/work"
registry=$folder/study.db

"$pdff" scanner add --ledger "$folder/scanners.json" --scanner SIM --protocol vendor \
  --phantom "$here/../vials.csv" --temperature-c 21 --date 2026-01-05 >"$folder/work/ledger.txt"

# A phantom with that tumour, exported as a vendor's map, measured and called. Without its sidecar, as some
# anonymised exports come: nothing is known of T1 then, and the calls are those that the recipe reckons with.
scan() {
  local name=$1 pdff_percent=$2 seed=$3 day=$4
  printf '{"name": "simulated-study", "title": "A scan of the simulated study", "tissues": {"tumour": {"pdff_percent": [%s, %s]}}, "export": {"style": "vendor-maps"}}\n' \
    "$pdff_percent" "$pdff_percent" >"$folder/work/$name.json"
  "$pdff" phantom make "$folder/work/$name.json" -o "$folder/work/$name" --shape 40x40x10 --seed "$seed"
  local map=$folder/work/$name/sub-phantom/anat/sub-phantom_dixon_PDFF
  rm "$map.json"
  "$pdff" measure --pdff "$map.nii.gz" --pdff-scale percent --roi "$folder/work/$name/masks/tumour.nii.gz" \
    --acquired-on "$day" --ledger "$folder/scanners.json" --scanner SIM --protocol vendor \
    --model "$here/../model.json" --rc-percent 2.99 --json \
    >"$folder/scans/$name.json" 2>"$folder/work/$name.txt"
}
export -f scan
tr '\t' '\n' <"$here/scans.tsv" | xargs -d '\n' -n 4 -P "$(nproc)" bash -euc 'scan "$@"' scan

token() { sed -n 's/.*"token": "\(.*\)".*/\1/p'; }
"$pdff" registry init "$registry" --study "Simulated study" --admin admin --config "$here/study.json" --json |
  token >"$folder/admin.token"
for user in coordinator radiologist reader researcher auditor; do
  "$pdff" registry user add "$registry" --name "$user" --role "$user" \
    --by admin --token-file "$folder/admin.token" --json | token >"$folder/$user.token"
done

while IFS=$'\t' read -ra words; do
  user=${words[0]} verb=${words[1]}
  "$pdff" registry "$verb" "$registry" "${words[@]:2}" --by "$user" \
    --token-file "$folder/$user.token" --json >"$folder/work/last.json" || {
    echo "failed: ${words[*]}" >&2
    exit 1
  }
done < <(sed "s|SCANS/|$folder/scans/|" "$here/commands.tsv")
rm -r "$folder/work"
