"""A small simulated study for the browser's tests: a registry with its users and their passwords, a
measurement with a provisional call, and the worklist's server over it. Everything is made by pdff."""

import json
import os
import pathlib
import re
import subprocess

PDFF = os.environ["PDFF_BINARY"]
PASSWORD = "correct horse battery staple"
ROLES = ["coordinator", "radiologist", "reader", "researcher", "auditor"]
MODEL = pathlib.Path(__file__).parents[2] / "models/demonstration/model.json"


class Study:
    """A registry in `folder`, whose users are named after their roles; "root" is the administrator."""

    def __init__(self, folder, participants=()):
        self.folder = pathlib.Path(folder)
        self.registry = str(self.folder / "study.pdff")
        self.tokens = {}
        self.server = None
        settings = {
            "time_zone": "UTC", "simulated": True, "approved_models": [self.model_hash()],
            "lead_time_days": {"default": 2, "north": 4},
        }
        config = self.folder / "config.json"
        config.write_text(json.dumps(settings))
        made = self.pdff("registry", "init", self.registry, "--study", "Demonstration", "--admin",
                         "root", "--config", str(config), "--json")
        self.tokens["root"] = json.loads(made)["token"]
        for role in ROLES:
            made = self.act("root", "user", "add", "--name", role, "--role", role, "--json",
                            verb_parts=2)
            self.tokens[role] = json.loads(made)["token"]
        for participant, site in participants:
            self.act("coordinator", "enrol", "--participant", participant, "--site", site)

    @staticmethod
    def model_hash():
        return json.loads(MODEL.read_text())["sha256"]

    def pdff(self, *arguments, token=None, stdin=""):
        environment = dict(os.environ)
        if token:
            environment["PDFF_TOKEN"] = token
        done = subprocess.run([PDFF, *arguments], env=environment, input=stdin, text=True,
                              capture_output=True)
        if done.returncode:
            raise RuntimeError(f"pdff {' '.join(arguments)}: {done.returncode} {done.stderr}")
        return done.stdout

    def act(self, user, *arguments, verb_parts=1):
        verb, rest = arguments[:verb_parts], arguments[verb_parts:]
        return self.pdff("registry", *verb, self.registry, *rest, "--by", user,
                         token=self.tokens[user])

    def set_passwords(self, users=("coordinator", "radiologist", "reader")):
        for user in users:
            self.pdff("serve", "--registry", self.registry, "--set-password", user,
                      stdin=PASSWORD + "\n")

    def measurement(self, percent, name, day="2026-03-01"):
        """A measurement of a vendor's map that reads `percent` in the tumour; its folder's path."""
        import nibabel
        import numpy
        out = self.folder / name
        affine = numpy.diag([1.5, 1.5, 4, 1])
        body = numpy.full((24, 20, 6), 4, numpy.float32)
        body[0, :, :] = numpy.nan
        drawn = numpy.zeros(body.shape, numpy.uint8)
        drawn[6:16, 5:14, 1:5] = 1
        body[drawn > 0] = percent + 0.02 * numpy.arange(int(drawn.sum()), dtype=numpy.float32) % 2
        out.mkdir()
        nibabel.save(nibabel.Nifti1Image(body, affine), out / "map.nii.gz")
        nibabel.save(nibabel.Nifti1Image(drawn, affine), out / "tumour.nii.gz")
        ledger = self.folder / "scanners.json"
        if not ledger.exists():
            self.pdff("scanner", "add", "--ledger", str(ledger), "--scanner", "DEMO", "--protocol",
                      "liver-3t", "--phantom", str(MODEL.parent / "vials.csv"), "--temperature-c",
                      "21", "--date", "2026-01-05")
        self.pdff("measure", "--pdff", str(out / "map.nii.gz"), "--pdff-scale", "percent", "--roi",
                  str(out / "tumour.nii.gz"), "--acquired-on", day, "--ledger", str(ledger),
                  "--scanner", "DEMO", "--protocol", "liver-3t", "--rc-percent", "1.5", "--model",
                  str(MODEL), "-o",
                  str(out))
        return out

    def serve(self, *flags):
        """Starts the server at a free port; its address without the slash at the end."""
        self.server = subprocess.Popen(
            [PDFF, "serve", "--registry", self.registry, "--port", "0", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.server.stdout.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            raise RuntimeError("the server did not start: " + self.server.stderr.read())
        return found.group().rstrip("/")

    def stop(self):
        """Ends the server as Ctrl-C does; its exit status and what it said."""
        if self.server is None:
            return 0, ""
        self.server.terminate()
        status = self.server.wait(timeout=10)
        said = self.server.stderr.read()
        self.server = None
        return status, said
