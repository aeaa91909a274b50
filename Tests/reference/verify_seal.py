"""Prints 'sealed' where a JSON file's sha256 is that of its canonical form without the key."""

import hashlib
import json
import sys

from ecmascript import canonical

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
said = document.pop("sha256")
found = hashlib.sha256(canonical(document).encode("utf-8")).hexdigest()
print("sealed" if said == found else f"broken: says {said}, is {found}")
