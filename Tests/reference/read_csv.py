"""What Python's csv module reads from N.csv in a folder: {"N": rows}."""
import csv
import json
import pathlib
import sys

tables = {}
for path in pathlib.Path(sys.argv[1]).glob("*.csv"):
    with path.open(newline="", encoding="utf-8") as file:
        tables[path.stem] = list(csv.reader(file))
print(json.dumps(tables))
