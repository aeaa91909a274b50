"""The worklist under load: so many requests a second for so many seconds over loopback, sent on time whether
answers have come or not. Prints one line for each kind of page, with percentiles of the time from when a request
was due to its last byte, and ends with 1 where one failed or the 99th percentile of all is over the limit.

    benchmarks/worklist_load.py [--rate 200] [--seconds 60] [--participants 200] [--limit-ms 50]
    benchmarks/worklist_load.py --address http://127.0.0.1:8080 --user anna --password-file FILE    # one that runs
"""

import argparse
import asyncio
import http.client
import pathlib
import re
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests/browser"))
from study import PASSWORD, Study  # noqa: E402


def sign_in(host, port, user, password):
    """The cookie of a session."""
    link = http.client.HTTPConnection(host, port)
    link.request("GET", "/login")
    reply = link.getresponse()
    token = re.search(r'name="token" value="(\w+)"', reply.read().decode()).group(1)
    visit = reply.headers["Set-Cookie"].split(";")[0]
    body = urllib.parse.urlencode({"token": token, "user": user, "password": password, "then": "/"})
    link.request("POST", "/login", body, {
        "Cookie": visit, "Content-Type": "application/x-www-form-urlencoded"})
    reply = link.getresponse()
    reply.read()
    if reply.status != 303:
        raise RuntimeError(f"signing in was answered by {reply.status}")
    return reply.headers["Set-Cookie"].split(";")[0]


class Links:
    """Connections that are kept open; a request takes one that is free, or opens one."""

    def __init__(self, host, port, cookie):
        self.host, self.port, self.cookie = host, port, cookie
        self.free = []

    async def get(self, path):
        reader, writer = self.free.pop() if self.free else await asyncio.open_connection(
            self.host, self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
                     f"Cookie: {self.cookie}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
        await reader.readexactly(length)
        self.free.append((reader, writer))
        return int(head[9:12])


async def load(links, paths, rate, seconds):
    """Times in ms by path, and answers other than 200."""
    times, wrong, tasks = {path: [] for path in paths}, [], []
    begin = time.perf_counter() + 0.1

    async def one(path, due):
        try:
            status = await links.get(path)
            if status != 200:
                wrong.append(f"{path}: {status}")
        except (OSError, asyncio.IncompleteReadError) as error:
            wrong.append(f"{path}: {error}")
        times[path].append(1000 * (time.perf_counter() - due))

    for number in range(rate * seconds):
        due = begin + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(paths[number % len(paths)], due)))
    await asyncio.gather(*tasks)
    return times, wrong


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def say(name, values):
    shares = [percentile(values, share) for share in (0.5, 0.95, 0.99)]
    print(f"{name:32} {len(values):6} requests  median {shares[0]:6.1f}  p95 {shares[1]:6.1f}  "
          f"p99 {shares[2]:6.1f}  longest {max(values):6.1f} ms")
    return shares[2]


def run(address, cookie, options, participant):
    host, port = address.removeprefix("http://").split(":")
    paths = ["/", "/?search=1&order=participant&page=2", "/api/worklist", "/healthz"]
    if participant:
        paths += [f"/participants/{participant}", f"/api/participants/{participant}"]
    links = Links(host, int(port), cookie)
    times, wrong = asyncio.run(load(links, paths, options.rate, options.seconds))
    for path in paths:
        say(path.replace(participant or "\0", "ID"), times[path])
    last = say("all", [value for path in paths for value in times[path]])
    for line in wrong[:10]:
        print("failed:", line)
    return bool(wrong) or last > options.limit_ms


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rate", type=int, default=200)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--participants", type=int, default=200)
    options.add_argument("--limit-ms", type=float, default=50)
    options.add_argument("--address")
    options.add_argument("--user", default="coordinator")
    options.add_argument("--password-file")
    options = options.parse_args()
    if options.address:
        password = pathlib.Path(options.password_file).read_text().strip()
        host, port = options.address.removeprefix("http://").split(":")
        cookie = sign_in(host, int(port), options.user, password)
        sys.exit(run(options.address, cookie, options, None))
    with tempfile.TemporaryDirectory() as folder:
        people = [(f"SIM-{number:05}", "north") for number in range(options.participants)]
        study = Study(folder, people)
        study.set_passwords(["coordinator"])
        try:
            address = study.serve()
            host, port = address.removeprefix("http://").split(":")
            cookie = sign_in(host, int(port), "coordinator", PASSWORD)
            failed = run(address, cookie, options, people[0][0] if people else None)
        finally:
            study.stop()
    sys.exit(failed)


if __name__ == "__main__":
    main()
