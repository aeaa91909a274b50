"""Drives the worklist in a real headless Chromium: signs in, enrols, seals a call, records tissue, sees the
discordance with its date; a blinded user does not; a wrong form keeps its values and says what is wrong.
Prints one line for each thing that holds and ends with 1 at the first that does not. With --pictures DIR
it leaves pictures of the pages."""

import argparse
import datetime
import json
import os
import re
import shutil
import sys
import tempfile
import urllib.error
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from study import PASSWORD, Study

# Long enough for a busy machine; what holds, holds at once.
expect.set_options(timeout=30_000)
CHROMIUM = os.environ.get("PDFF_CHROMIUM") or shutil.which("chromium")


def holds(words):
    print("holds:", words, flush=True)


class Visitor:
    """One browser of one user."""

    def __init__(self, browser, address, pictures=None, **options):
        self.context = browser.new_context(base_url=address, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.pictures = pictures
        self.problems = []
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.problems.append(str(e)))

    def sign_in(self, user, password=PASSWORD):
        self.page.goto("/")
        expect(self.page).to_have_url(re.compile("/login"))
        self.page.get_by_label("User").fill(user)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")

    def picture(self, name):
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/{name}.png", full_page=True)

    def accessible(self, name):
        found = Axe().run(self.page).response["violations"]
        grave = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found
                 if one["impact"] in ("serious", "critical")]
        assert not grave, f"{name}: {grave}"


def enrolment(page, visitor):
    page.get_by_role("link", name="Enrol").click()
    page.get_by_label("Pseudonym").fill("Jane Doe")
    page.get_by_label("Site").fill("north")
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_role("alert")).to_contain_text("pattern for pseudonyms")
    expect(page.get_by_label("Pseudonym")).to_have_value("Jane Doe")
    expect(page.get_by_label("Site")).to_have_value("north")
    visitor.accessible("refused form")
    visitor.picture("refused")
    page.get_by_label("Pseudonym").fill("SIM-001")
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded as entry")
    expect(page.get_by_role("heading", level=1)).to_have_text("Participant SIM-001")
    holds("enrolment; a wrong form keeps its values and says what is wrong")


def call(page, visitor, good, edited, sealed):
    page.get_by_role("link", name="Seal a provisional call").click()
    page.get_by_label("Lesion").fill("L1")
    page.get_by_label("measurement.json").set_input_files(edited)
    page.get_by_role("button", name="Seal the call").click()
    expect(page.get_by_role("alert")).to_contain_text("changed after it was made")
    expect(page.get_by_label("Lesion")).to_have_value("L1")
    expect(page.get_by_text("Kept from before: edited.json")).to_be_visible()
    page.get_by_role("button", name="Seal the call").click()
    expect(page.get_by_role("alert")).to_contain_text("changed after it was made")
    page.get_by_label("measurement.json").set_input_files(good)
    page.get_by_label("Sealed on").fill(sealed)
    page.get_by_role("button", name="Seal the call").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded as entry")
    expect(page.locator("#consequence")).to_contain_text("The call stands until tissue answers")
    visitor.picture("called")
    holds("a call from a measurement; an edited one is refused, and kept in the form")


def tissue(page, visitor, start, reported):
    page.get_by_role("link", name="Record treatment").click()
    page.get_by_label("What happened").select_option("systemic-start")
    page.get_by_label("Date").fill(start)
    page.get_by_role("button", name="Record the treatment").click()
    page.get_by_role("link", name="Record tissue").click()
    fields = {"Lesion": "L1", "Biopsy on": reported, "Reported on": start, "Specimen": "core",
              "Method": "transcriptome", "Reference": "P-77"}
    page.get_by_label("Result").select_option("F1")
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Record the result").click()
    expect(page.get_by_role("alert")).to_contain_text("earlier than the biopsy")
    for label, value in fields.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
    page.get_by_label("Biopsy on").fill(start)
    page.get_by_label("Reported on").fill(reported)
    page.get_by_role("button", name="Record the result").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded as entry")
    expect(page.locator("dl").first).to_contain_text("discordant")
    expect(page.locator("#consequence")).to_contain_text("the provisional arm is systemic+TACE")
    expect(page.locator("dl").first).to_contain_text(f"Call and tissue differ since{reported}")
    visitor.accessible("participant")
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the page scrolls sideways"
    page.set_viewport_size(wide)
    visitor.picture("discordant")
    page.get_by_role("link", name="Worklist").click()
    row = page.get_by_role("row").filter(has_text="SIM-001")
    expect(row).to_contain_text("discordant")
    expect(page.get_by_role("img", name=re.compile("after D0"))).to_be_visible()
    visitor.accessible("worklist")
    visitor.picture("worklist")
    page.get_by_role("link", name="Study").click()
    expect(page.get_by_role("heading", name="Concordance so far")).to_be_visible()
    visitor.accessible("study")
    visitor.picture("study")
    holds("the discordance appears, in the list and with the participant, with its date")


def follow_up(page, visitor, day):
    page.goto("/participants/SIM-001")
    page.get_by_role("link", name="Record follow-up").click()
    page.get_by_label("What happened").select_option("adverse-event")
    page.get_by_label("Date").fill(day)
    page.get_by_label("CTCAE term").fill("nausea")
    page.get_by_label("Response by RECIST 1.1", exact=False).first.select_option("PR")
    page.get_by_role("button", name="Record the follow-up").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("CTCAE grade: this is needed")
    expect(said).to_contain_text("Response by RECIST 1.1: this belongs to: response")
    expect(page.get_by_label("CTCAE term")).to_have_value("nausea")
    visitor.accessible("refused follow-up")
    visitor.picture("follow-up")
    page.get_by_label("Response by RECIST 1.1", exact=False).first.select_option("")
    page.get_by_label("CTCAE grade").select_option("2")
    page.get_by_label("Related to TACE").select_option("no")
    page.get_by_role("button", name="Record the follow-up").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded as entry")
    expect(page.locator("main")).to_contain_text("nausea, grade 2, not related to TACE")
    page.get_by_role("row").filter(has_text="nausea, grade 2").get_by_role(
        "link", name=re.compile("amend")).click()
    page.get_by_label("CTCAE grade").select_option("3")
    page.get_by_label("Reason").fill("graded again")
    page.get_by_role("button", name="Amend").click()
    expect(page.locator("main")).to_contain_text("nausea, grade 3, not related to TACE")
    holds("follow-up: parts of another event are named, then it is recorded, then amended")


def blinded(visitor, user, words_seen, words_hidden):
    page = visitor.page
    visitor.sign_in(user)
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    for path in ["/", "/participants/SIM-001", "/study", "/api/participants/SIM-001",
                 "/api/participants/SIM-001/history", "/api/study", "/api/worklist"]:
        page.goto(path)
        text = page.content()
        for word in words_hidden:
            assert word not in text, f"{user} sees '{word}' at {path}"
    page.goto("/participants/SIM-001")
    for word in words_seen:
        expect(page.locator("main")).to_contain_text(word)
    visitor.picture(user)
    holds(f"a {user} does not see what the role may not")


def maps(visitor, result):
    """A radiologist looks at the maps behind the call; tissue stays hidden."""
    import nibabel
    page = visitor.page
    visitor.sign_in("radiologist")
    page.get_by_role("link", name="SIM-001").click()
    text = page.content()
    for word in ["P-77", "discordant", "transcriptome"]:
        assert word not in text, f"a radiologist sees '{word}'"
    page.get_by_role("link", name="maps").click()
    reading = page.locator("#reading")
    expect(reading).to_contain_text("PDFF")
    page.get_by_role("img", name="Slice of the map").focus()
    for key in ["ArrowLeft", "ArrowUp", "PageUp"]:
        page.keyboard.press(key)
    expect(page.get_by_label("Slice", exact=True)).to_have_value("2")
    expect(reading).to_contain_text(", 3")
    said = re.search(r"PDFF ([\d.]+) % at voxel (\d+), (\d+), (\d+)", reading.inner_text())
    values = nibabel.load(f"{result}/PDFFmap.nii.gz").get_fdata()
    value = values[tuple(int(said.group(n)) for n in (2, 3, 4))]
    assert abs(value - float(said.group(1))) <= 0.05, (value, said.group())
    page.get_by_label("Plane").select_option("sagittal")
    expect(page.locator("[data-edge='0']")).to_have_text("A")
    assert not visitor.problems, visitor.problems
    visitor.accessible("maps")
    visitor.picture("maps")
    holds("a radiologist sees the maps, with the values of the file, and no tissue")


def headers(address):
    try:
        reply = urllib.request.urlopen(address + "/login")
    except urllib.error.HTTPError as error:
        reply = error
    policy = reply.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy, policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
    cookie = reply.headers["Set-Cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie, cookie
    assert json.load(urllib.request.urlopen(address + "/healthz"))["status"] == "ok"
    holds("headers, cookie, /healthz")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--pictures")
    options = options.parse_args()
    if options.pictures:
        os.makedirs(options.pictures, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        study = Study(folder)
        study.set_passwords(["coordinator", "radiologist", "reader"])
        result = study.measurement(24, "result")
        edited = f"{folder}/edited.json"
        text = open(f"{result}/measurement.json").read()
        with open(edited, "w") as file:
            file.write(text.replace('"acquired_on": "2026-03-01"', '"acquired_on": "2026-03-02"'))
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox"] if os.geteuid() == 0 else [])
        try:
            address = study.serve("--maps", folder)
            headers(address)
            coordinator = Visitor(browser, address, options.pictures)
            coordinator.sign_in("coordinator", "not the password at all")
            expect(coordinator.page.get_by_role("alert")).to_contain_text("wrong")
            coordinator.accessible("sign in")
            coordinator.picture("sign-in")
            coordinator.problems.clear()
            coordinator.sign_in("coordinator")
            holds("signing in")
            enrolment(coordinator.page, coordinator)
            today = datetime.datetime.now(datetime.timezone.utc).date()
            days = [str(today - datetime.timedelta(days=ago)) for ago in (20, 16, 5)]
            call(coordinator.page, coordinator, f"{result}/measurement.json", edited, days[0])
            tissue(coordinator.page, coordinator, days[1], days[2])
            follow_up(coordinator.page, coordinator, days[2])
            blinded(Visitor(browser, address, options.pictures), "reader", ["F1", "P-77"],
                    ["F3", "discordant", "systemic+TACE", "nausea", "PDFF", "pdff_percent", "scanned"])
            maps(Visitor(browser, address, options.pictures), result)
            unexpected = [one for one in coordinator.problems if "422" not in one]
            assert not unexpected, unexpected
            browser.close()
        finally:
            status, said = study.stop()
        assert status == 0, f"the server ended with {status}: {said}"
        assert "SIM-001" not in said, said
        holds("the server ends in order, and says no participant's name")


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        print("does not hold:", error, file=sys.stderr)
        sys.exit(1)
