"""Pages of the worklist over a large study, through `pdff serve`: milliseconds from a request to its last byte, one
after the other over one connection of a signed-in coordinator. Ends with 1 where the first page's median is
over its limit.

    benchmarks/worklist_pages.py [--participants 100000] [--runs 31]
    benchmarks/worklist_pages.py --registry FILE    # one that pdff-registry-fill made

Needs PDFF_BINARY, and PDFF_REGISTRY_FILL where the study is to be made
(PDFF_BENCH=1 swift build -c release --product pdff-registry-fill).
"""

import argparse
import http.client
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from worklist_load import PASSWORD, sign_in

PDFF = os.environ["PDFF_BINARY"]
DAY = "2026-09-01"
LIMIT_MS = 100
FIRST = "first page"
SLOW = ["/study", "/forecast", "/api/study", "/api/forecast"]


def pages(count, draw):
    """Names of what is measured, each with a path for every call."""
    def person():
        return f"P-{draw.randrange(count):06d}"
    return {
        FIRST: lambda: "/",
        "second page": lambda: "/?page=2",
        "hundredth page": lambda: "/?page=100",
        "search": lambda: f"/?search={draw.randrange(count // 100):04d}",
        "search that finds one": lambda: f"/?search={person()}",
        "search that finds none": lambda: "/?search=nobody",
        "filter by site": lambda: f"/?site=site-{draw.randrange(40)}",
        "filter by state": lambda: "/?state=awaiting-tissue",
        "filter by consequence": lambda: "/?consequence=confirm-pause",
        "order by pseudonym": lambda: "/?order=participant",
        "order by site, last first": lambda: "/?order=site&descending=yes",
        "order by enrolment, page 2": lambda: "/?order=enrolled&page=2",
        "the same in JSON": lambda: "/api/worklist",
        "participant": lambda: f"/participants/{person()}",
        **{path: (lambda path=path: path) for path in SLOW},
    }


class Link:
    def __init__(self, address, cookie):
        host, port = address.removeprefix("http://").split(":")
        self.link = http.client.HTTPConnection(host, int(port), timeout=600)
        self.cookie = cookie

    def milliseconds(self, path):
        start = time.perf_counter()
        self.link.request("GET", path, headers={"Cookie": self.cookie})
        reply = self.link.getresponse()
        reply.read()
        spent = 1000 * (time.perf_counter() - start)
        if reply.status != 200:
            raise RuntimeError(f"{path}: {reply.status}")
        return spent


def say(name, times):
    print(f"{name:40} median {statistics.median(times):7.1f}   worst {max(times):7.1f} ms   "
          f"{len(times)} calls", flush=True)
    return statistics.median(times)


def beside(address, cookie, write):
    """The first page's times while the study is counted anew after an entry."""
    link, other = Link(address, cookie), Link(address, cookie)
    write()
    counting = threading.Thread(target=lambda: other.milliseconds("/study"))
    times = []
    counting.start()
    while counting.is_alive() or len(times) < 5:
        times.append(link.milliseconds("/"))
    counting.join()
    return times


def measure(registry, token, runs):
    environment = {**os.environ, "PDFF_TOKEN": token}
    subprocess.run([PDFF, "serve", "--registry", registry, "--set-password", "coordinator"],
                   input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    server = subprocess.Popen([PDFF, "serve", "--registry", registry, "--port", "0", "--on", DAY],
                              stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://\S+", server.stdout.readline()).group().rstrip("/")
        cookie = sign_in(*address.removeprefix("http://").split(":"), "coordinator", PASSWORD)
        link = Link(address, cookie)
        count = 0

        def write():
            nonlocal count
            count += 1
            subprocess.run(
                [PDFF, "registry", "enrol", registry, "--by", "coordinator", "--participant",
                 f"B-{os.getpid()}-{count}", "--site", "site-1", "--enrolled-on", "2026-08-01"],
                env=environment, check=True, capture_output=True)

        total = int(subprocess.run(
            [PDFF, "registry", "status", registry, "--by", "coordinator", "--json", "--limit", "1"],
            env=environment, check=True, capture_output=True, text=True
        ).stdout.split('"count": ')[1].split(",")[0])
        print(f"{total} participants, {os.path.getsize(registry) / 1e6:.0f} MB")
        say("/study, the first after the start", [link.milliseconds("/study")])
        draw = random.Random(1)
        first = 0
        for name, path in pages(total, draw).items():
            median = say(name, [link.milliseconds(path()) for _ in range(runs)])
            first = median if name == FIRST else first
        for path in SLOW:
            times = []
            for _ in range(5):
                write()
                times.append(link.milliseconds(path))
            say(f"{path} after an entry", times)
        say("first page while /study is counted", beside(address, cookie, write))
        kilobytes = int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(
            f"/proc/{server.pid}/status").read_text()).group(1))
        print(f"memory of the server: {kilobytes / 1024:.0f} MiB")
        return first
    finally:
        server.terminate()
        server.wait(timeout=30)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--participants", type=int, default=100_000)
    options.add_argument("--registry")
    options.add_argument("--token-file")
    options.add_argument("--runs", type=int, default=31)
    options = options.parse_args()
    if options.registry:
        token = pathlib.Path(options.token_file).read_text().strip()
        first = measure(options.registry, token, options.runs)
    else:
        fill = os.environ["PDFF_REGISTRY_FILL"]
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            registry = f"{folder}/study.pdff"
            made = subprocess.run([fill, registry, str(options.participants)], check=True,
                                  capture_output=True, text=True)
            first = measure(registry, made.stdout.strip(), options.runs)
    sys.exit(first > LIMIT_MS)


if __name__ == "__main__":
    main()
