"""Whether a password file of the worklist holds a password: scrypt of Python's hashlib (OpenSSL)."""

import base64
import hashlib
import json
import sys
import unicodedata

path, password = sys.argv[1:]
kept = json.load(open(path))["scrypt"]
key = hashlib.scrypt(
    unicodedata.normalize("NFKC", password).encode(),
    salt=base64.b64decode(kept["salt"]),
    n=kept["n"], r=kept["r"], p=kept["p"],
    maxmem=2**28, dklen=32)
print("holds" if key == base64.b64decode(kept["key"]) else "differs")
