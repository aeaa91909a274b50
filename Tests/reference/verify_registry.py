"""Checks a registry's chain and seals from docs/registry.md alone: sqlite3, json, hashlib.

Prints `holds ENTRIES SEALS HEAD`, or the first thing that does not hold, and then ends with 1.
"""

import hashlib
import json
import sqlite3
import sys


def canonical(value):
    """RFC 8785 for what a registry holds: no number needs an exponent."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(k) + ":" + canonical(value[k]) for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(element) for element in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def digest(value):
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def main(path):
    rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(
        "SELECT number, at, user, role, action, participant, before, after, reason, previous, hash"
        " FROM entry ORDER BY number"
    )
    names = ["number", "at", "user", "role", "action", "participant", "before", "after", "reason"]
    previous, expected, seals, settings = "0" * 64, 0, 0, None
    for row in rows:
        expected += 1
        entry = dict(zip(names + ["previous"], row))
        for key in ("before", "after"):
            text = entry[key]
            entry[key] = None if text is None else json.loads(text)
            if text is not None and canonical(entry[key]) != text:
                return f"entry {expected} is not canonical"
        if entry["number"] != expected:
            return f"entry {expected} is missing"
        if entry["previous"] != previous:
            return f"entry {expected} does not follow the one before"
        if digest(entry) != row[10]:
            return f"entry {expected} was changed"
        previous = row[10]
        after = entry["after"] or {}
        if "settings" in after:
            settings = digest(after["settings"])
        if entry["action"] == "call":
            sealed = after["seals"]
            same = (
                after["seal"] == digest(sealed)
                and sealed["settings"] == settings
                and sealed["sealed_at"] == entry["at"]
                and sealed["participant"] == entry["participant"]
                and sealed["model"] == after["model"]["sha256"]
            )
            if not same:
                return f"the seal of entry {expected} does not hold"
            seals += 1
    return f"holds {expected} {seals} {previous}"


if __name__ == "__main__":
    words = main(sys.argv[1])
    print(words)
    sys.exit(not words.startswith("holds"))
