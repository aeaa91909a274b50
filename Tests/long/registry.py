#!/usr/bin/env python3
"""The registry's long proofs: kills, a crowd of writers, alterations, a full disk, a read-only file.

    registry.py [--kills 500] [--writers 8 --changes 200] [--alterations 1000] [--seed 1]

Each proof works on a registry of its own in a temporary folder, by the commands of pdff alone; sqlite3 only
alters what `verify` must then find. Ends with 1 where a proof fails.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
pdff = os.environ.get("PDFF_BINARY", str(root / ".build/release/pdff"))
SETTINGS = {"simulated": True, "pseudonym_pattern": "P[0-9]{5}"}


class Failure(Exception):
    pass


def require(holds, words):
    if not holds:
        raise Failure(words)


class Study:
    """A registry with an administrator and a coordinator."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.file = str(self.folder / "study.db")
        self.tokens = {}
        config = self.folder / "study.json"
        config.write_text(json.dumps(SETTINGS))
        made = self.run("init", "--study", "Proof", "--admin", "admin", "--config", str(config), by=None)
        self.tokens["admin"] = json.loads(made.stdout)["token"]
        self.add_user("coordinator", "coordinator")

    def add_user(self, name, role):
        made = self.run("user", "add", "--name", name, "--role", role, by="admin")
        self.tokens[name] = json.loads(made.stdout)["token"]

    def words(self, *verb_and_options, by="coordinator"):
        verbs = [v for v in verb_and_options[:2] if not v.startswith("-")]
        rest = list(verb_and_options[len(verbs):])
        return [pdff, "registry", *verbs, self.file, *rest, *(["--by", by] if by else []), "--json"]

    def environment(self, by):
        return {**os.environ, "PDFF_TOKEN": self.tokens.get(by, "")}

    def run(self, *words, by="coordinator", check=True, **more):
        done = subprocess.run(
            self.words(*words, by=by), env=self.environment(by), capture_output=True, text=True, **more)
        if check:
            require(done.returncode == 0, f"{words[:2]} ended with {done.returncode}: {done.stderr.strip()}")
        return done

    def enrol(self, number, **more):
        return self.run("enrol", "--participant", f"P{number:05d}", "--site", "S1", **more)

    def verify_command(self, file=None):
        return [pdff, "registry", "verify", file or self.file, "--by", "coordinator", "--json"]

    def verify(self):
        done = subprocess.run(
            self.verify_command(), env=self.environment("coordinator"), capture_output=True, text=True)
        require(done.returncode == 0, f"verify ended with {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def participants(self):
        found = json.loads(self.run("status", "--limit", "1000000").stdout)
        return {row["participant"] for row in found["participants"]}


def quarter(values, share):
    return sorted(values)[int(share * (len(values) - 1))]


def kills(study, count, draw):
    """SIGKILL at random moments: what was acknowledged is there, the file verifies, no half entry."""
    times = []
    for number in range(5):
        start = time.monotonic()
        study.enrol(number)
        times.append(time.monotonic() - start)
    typical = sorted(times)[2]
    acknowledged = {f"P{n:05d}" for n in range(5)}
    attempted, killed, number = set(acknowledged), 0, 5
    while killed < count:
        name = f"P{number:05d}"
        words = ["enrol", "--participant", name, "--site", "S1"]
        process = subprocess.Popen(
            study.words(*words), env=study.environment("coordinator"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        attempted.add(name)
        number += 1
        try:
            process.wait(draw.uniform(0, 1.5 * typical))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        output, errors = process.communicate()
        require(process.returncode in (0, -signal.SIGKILL), f"ended with {process.returncode}: {errors}")
        # What was printed whole is acknowledged, even where the kill came before the end.
        if process.returncode == 0 or output.rstrip().endswith(b"}"):
            acknowledged.add(name)
        if killed % 50 == 0:
            study.verify()
    verified = study.verify()
    there = study.participants()
    require(acknowledged <= there, f"{len(acknowledged - there)} acknowledged changes are lost")
    require(there <= attempted, "there is what nobody recorded")
    left = sorted(p.name for p in study.folder.iterdir() if not p.name.startswith("study."))
    require(not left, f"left behind: {left}")
    return (f"{killed} kills of {len(attempted) - 5} changes: {len(acknowledged) - 5} acknowledged, all there; "
            f"{len(there - acknowledged)} written without acknowledgement; {verified['entries']} entries verify")


def crowd(study, writers, changes, _):
    """Several processes write at once: all is there, in one chain; at most a wait."""
    waits = []

    def write(writer):
        for number in range(changes):
            start = time.monotonic()
            done = study.enrol(writer * changes + number, check=False)
            waits.append(time.monotonic() - start)
            if done.returncode != 0:
                return f"ended with {done.returncode}: {done.stderr.strip()}"
            if "locked" in done.stderr:
                return done.stderr.strip()
        return None

    before = study.verify()["entries"]
    with concurrent.futures.ThreadPoolExecutor(writers) as pool:
        faults = [fault for fault in pool.map(write, range(writers)) if fault]
    require(not faults, f"{len(faults)} writers failed, the first: {faults[:1]}")
    verified = study.verify()
    require(verified["entries"] == before + writers * changes, f"{verified['entries']} entries")
    require(len(study.participants()) == writers * changes, "participants are missing")
    return (f"{writers} processes, {changes} changes each: {verified['entries']} entries verify; a change took "
            f"{quarter(waits, 0.5):.3f} s (median), {max(waits):.2f} s at most")


def contents(path):
    """Everything in the file that SQL can tell, or None where it can't be read."""
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        found = [db.execute("PRAGMA user_version").fetchall(), db.execute("PRAGMA application_id").fetchall()]
        schema = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
        found.append(schema)
        for kind, name, *_ in schema:
            if kind != "table":
                continue
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{name}")')]
            values = ", ".join(f'typeof("{c}"), CAST("{c}" AS BLOB)' for c in columns)
            found.append(sorted(db.execute(f'SELECT {values} FROM "{name}"').fetchall(), key=repr))
        return found
    except (sqlite3.Error, UnicodeDecodeError, OverflowError):
        return None
    finally:
        db.close()


def change_bytes(path, draw):
    data = bytearray(path.read_bytes())
    for _ in range(draw.choice([1, 1, 2, 8])):
        place = draw.randrange(len(data))
        data[place] = draw.choice([data[place] ^ (1 << draw.randrange(8)), draw.randrange(256)])
    if draw.random() < 0.05:
        del data[-4096 * draw.randrange(1, 4):]
    path.write_bytes(data)


def other_value(value, draw):
    if value is None:
        return draw.choice([0, "x", ""])
    if isinstance(value, int):
        return draw.choice([value + 1, value - 1, -value, None, str(value) + "x"])
    if isinstance(value, bytes):
        return value + b"\0"
    if not value:
        return "x"
    place = draw.randrange(len(value))
    return draw.choice([
        value[:place] + chr((ord(value[place]) + 1) % 128) + value[place + 1:], value + " ", value[:-1],
        value.upper() if value.upper() != value else value.lower(), None, value.encode(), value + "\0x"])


def change_rows(path, draw):
    """One change by SQL: a cell, a row less, a row more, two rows exchanged, a definition."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA ignore_check_constraints = ON")
    names = [n for n, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    filled = [n for n in names if db.execute(f'SELECT COUNT(*) FROM "{n}"').fetchone()[0]]
    table = draw.choice(filled)
    columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    key = draw.choice(columns)
    rows = db.execute(f'SELECT * FROM "{table}"').fetchall()
    row = draw.choice(rows)
    where = " AND ".join(f'"{c}" IS ?' for c in columns)
    way = draw.choice(["cell", "cell", "cell", "delete", "insert", "exchange", "define"])
    try:
        if way == "cell":
            value = other_value(row[columns.index(key)], draw)
            db.execute(f'UPDATE "{table}" SET "{key}" = ? WHERE {where}', (value, *row))
        elif way == "delete":
            db.execute(f'DELETE FROM "{table}" WHERE {where}', row)
        elif way == "insert":
            values = [v if draw.random() < 0.5 else other_value(v, draw) for v in row]
            db.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})', values)
        elif way == "exchange":
            other = draw.choice(rows)
            place = columns.index(key)
            db.execute("BEGIN")
            db.execute(f'UPDATE "{table}" SET "{key}" = ? WHERE {where}', (other[place], *row))
            db.execute(f'UPDATE "{table}" SET "{key}" = ? WHERE {where}', (row[place], *other))
            db.execute("COMMIT")
        else:
            db.execute(draw.choice([
                f'ALTER TABLE "{table}" ADD COLUMN extra', "CREATE TABLE extra (a)", "PRAGMA user_version = 77",
                f'CREATE TRIGGER extra AFTER INSERT ON "{table}" BEGIN SELECT 1; END',
                f'CREATE INDEX extra ON "{table}" ("{key}")', "PRAGMA application_id = 5"]))
    except sqlite3.Error:
        way = "refused"
    db.close()
    return f"{way} {table}.{key}"


def fill(study):
    """Some of everything in the log."""
    for number in range(12):
        study.enrol(number, by="coordinator")
        who = ["--participant", f"P{number:05d}"]
        study.run("treat", *who, "--event", "systemic-start", "--date", "2026-03-02")
        if number % 3 == 0:
            study.run("tissue", *who, "--lesion", "L1", "--subtype", "F3", "--biopsy-on", "2026-02-20", "--reported-on",
                      "2026-03-09", "--specimen", "core", "--method", "RNA", "--reference", f"R{number}")
            study.run("treat", *who, "--event", "tace-planned", "--date", "2026-03-20", "--lesion", "L1")
        if number % 4 == 1:
            study.run("follow", *who, "--event", "response", "--date", "2026-04-13", "--recist", "PR")
    study.run("void", "--entry", "5", "--reason", "a test", check=False)


def alterations(study, count, draw):
    """Random alterations of bytes and rows: verify finds each that changes content."""
    fill(study)
    study.verify()
    db = sqlite3.connect(study.file)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    original = pathlib.Path(study.file).read_bytes()
    folder = study.folder / "altered"
    folder.mkdir()
    path = folder / "study.db"
    path.write_bytes(original)
    whole = contents(path)
    tally, missed = collections.Counter(), []
    statuses = collections.Counter()
    while tally["changed"] < count:
        for stale in folder.iterdir():
            stale.unlink()
        path.write_bytes(original)
        shutil.copy(study.file + ".users", str(path) + ".users")
        way = "bytes" if draw.random() < 0.5 else "rows"
        what = change_bytes(path, draw) if way == "bytes" else change_rows(path, draw)
        for side in ("-wal", "-shm"):
            pathlib.Path(f"{path}{side}").unlink(missing_ok=True)
        if contents(path) == whole:
            tally[f"{way} without a change of content"] += 1
            continue
        tally["changed"] += 1
        tally[f"{way} that change content"] += 1
        altered = path.read_bytes()
        done = subprocess.run(
            study.verify_command(str(path)), env=study.environment("coordinator"), capture_output=True, text=True,
            errors="replace")
        statuses[done.returncode] += 1
        if done.returncode != 65 or "Fatal error" in done.stderr:
            missed.append((what, done.returncode, done.stderr.strip()[:200]))
            keep = os.environ.get("PDFF_KEEP_MISSED")
            if keep:
                (pathlib.Path(keep) / f"missed-{len(missed)}.db").write_bytes(altered)
    require(not missed, f"{len(missed)} of {count} were not found with exit 65; the first: {missed[:3]}")
    return f"{count} alterations that change content, every one found (exit 65): {dict(tally)}"


def full_disk(study, _, __):
    """No room: a clear error, nothing lost; with room again, everything goes on."""
    for number in range(20):
        study.enrol(number)
    size = max(os.path.getsize(study.file + side) for side in ("", "-wal") if os.path.exists(study.file + side))

    def small():
        # What a full disk is to SQLite: a write that fails. The signal would end the process first.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    refused, number, messages = 0, 20, set()
    for limit in [0, 1, 4096, 8192, 16384, 32768, size // 2, size - 1]:
        done = study.enrol(number, check=False, preexec_fn=small)
        if done.returncode == 0:
            number += 1
            continue
        refused += 1
        require(done.returncode == 73, f"limit {limit}: ended with {done.returncode}: {done.stderr.strip()}")
        require("Fatal" not in done.stderr and len(done.stderr.strip().splitlines()) <= 3, done.stderr)
        messages.add(done.stderr.strip().splitlines()[0])
        study.verify()
    require(refused > 0, "nothing was refused")
    require(study.participants() == {f"P{n:05d}" for n in range(number)}, "a change was lost")
    study.enrol(number)
    study.verify()
    words = f"{refused} changes refused with 73, nothing lost: {sorted(messages)}"
    return words + tmpfs(study)


def tmpfs(study):
    """The same on a disk that is really full, where this user may mount one."""
    place = study.folder / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode != 0:
        return "; no tmpfs may be mounted here"
    try:
        small = Study(place)
        done, number = None, 0
        while number < 5000:
            done = small.enrol(number, check=False)
            if done.returncode != 0:
                break
            number += 1
            if number == 40:  # fill the rest, so that a few more changes reach the end
                rest = os.statvfs(place)
                (place / "ballast").write_bytes(b"\0" * max(0, rest.f_bavail * rest.f_frsize - 120_000))
        require(done.returncode == 73, f"full tmpfs: ended with {done.returncode}: {done.stderr.strip()}")
        message = done.stderr.strip().splitlines()[0]
        (place / "ballast").unlink()
        small.verify()
        require(len(small.participants()) == number, "a change was lost")
        small.enrol(number)
        return f"; a tmpfs of 2 MiB was full after {number} changes ({message}), all there, and goes on"
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def read_only(study, _, __):
    """A file and folder that may not be written: a clear error; reading says what it can."""
    for number in range(5):
        study.enrol(number)
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    before = pathlib.Path(study.file).read_bytes()
    os.chmod(study.folder, 0o555)
    for path in study.folder.iterdir():
        os.chmod(path, 0o444)
    try:
        done = study.enrol(5, check=False, **nobody)
        require(done.returncode == 73, f"ended with {done.returncode}: {done.stderr.strip()}")
        message = done.stderr.strip().splitlines()[0]
        require("registry-read-only" in message, f"said {message}")
        read = study.run("status", check=False, **nobody)
        require(read.returncode == 0 or "registry-read-only" in read.stderr, f"status ended with {read.returncode}: {read.stderr.strip()}")
        verified = subprocess.run(
            study.verify_command(), env=study.environment("coordinator"), capture_output=True, text=True, **nobody)
        require(verified.returncode in (0, 73), f"verify ended with {verified.returncode}: {verified.stderr.strip()}")
    finally:
        os.chmod(study.folder, 0o755)
        for path in study.folder.iterdir():
            os.chmod(path, 0o644)
    require(pathlib.Path(study.file).read_bytes() == before, "the file has changed")
    study.enrol(5)
    study.verify()
    return f"a change ends with 73 ({message}), status with {read.returncode}, verify with {verified.returncode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--alterations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["kills", "crowd", "alterations", "full-disk", "read-only"])
    asked = parser.parse_args()
    proofs = {
        "kills": lambda study, draw: kills(study, asked.kills, draw),
        "crowd": lambda study, draw: crowd(study, asked.writers, asked.changes, draw),
        "alterations": lambda study, draw: alterations(study, asked.alterations, draw),
        "full-disk": lambda study, draw: full_disk(study, None, draw),
        "read-only": lambda study, draw: read_only(study, None, draw),
    }
    failed = False
    for name, proof in proofs.items():
        if asked.only not in (None, name):
            continue
        folder = tempfile.mkdtemp(prefix="pdff-registry-")
        os.chmod(folder, 0o755)
        start = time.monotonic()
        try:
            words = proof(Study(folder), random.Random(asked.seed))
            print(f"{name}: {words} [{time.monotonic() - start:.0f} s]", flush=True)
        except Failure as failure:
            failed = True
            print(f"{name}: FAILED: {failure}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
