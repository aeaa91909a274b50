"""The worklist against those who mean harm: payloads in every text field, paths that lead out, bodies that are
too large, forms of other sites, sessions that have ended, roles. Run by `make check-long`; prints one line
for each thing that holds, and ends with 1 at the first that does not."""

import base64
import json
import os
import pathlib
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

from client import Client
from study import PASSWORD, Study
from worklist import CHROMIUM, holds

PAYLOADS = [
    "<script>hit(1)</script>", '"><script>hit(2)</script>', "'><img src=x onerror=hit(3)>",
    "<img src=x onerror=hit(4)>", "<svg/onload=hit(5)>", "</title><script>hit(6)</script>",
    "</textarea><script>hit(7)</script>", "javascript:hit(8)", "<a href=javascript:hit(9)>x</a>",
    "<iframe srcdoc='<script>hit(10)</script>'>", "\" onfocus=hit(11) autofocus x=\"",
    "' onmouseover=hit(12) '", "<style>*{display:none}</style>", "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//x>", "{{7*7}}${7*7}#{7*7}<%=7*7%>",
    "'; DROP TABLE participant; --", "' OR '1'='1", "1); DELETE FROM entry; --",
    "\" UNION SELECT * FROM account --", "%3Cscript%3Ehit(13)%3C/script%3E",
    "&lt;script&gt;hit(14)&lt;/script&gt;", "\u202egnihton", "<!--", "]]>", "\\u003cscript\\u003e",
    "+ADw-script+AD4-hit(15)", "a\u0000b", "a\r\nSet-Cookie: x=1", "\ufeff<script>hit(16)</script>",
    "../../../etc/passwd", "%s%n%x", "=cmd|'/c calc'!A1", "𝕏" * 30, "é" * 200, "x" * 600,
]

ESCAPES = [
    "/../../../../etc/passwd", "/assets/../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "//etc/passwd", "/assets/..%5c..%5cetc/passwd",
    "/participants/..%2f..%2f..%2fetc%2fpasswd", "/participants/%00", "/participants/%",
    "/participants/%ff%fe", "/participants/A/calls/1/maps/about/..%2f..%2fetc%2fpasswd/axial/0",
    "/participants/A/calls/../../../etc/passwd/maps", "/study.pdff", "/study.pdff.serve/",
    "/.git/config", "/participants/" + "A" * 60_000, "/?page=-1", "/?page=99999999999999999999",
    "/?search=%", "/?search=%ZZ", "/?order=nonsense&state=nonsense&consequence=nonsense",
]


def payloads(client, study, browser, address):
    """Each payload in every text field of every form, then every page in a real browser."""
    stored = 0
    for number, payload in enumerate(PAYLOADS):
        person = f"SIM-{100 + number}"
        replies = [
            client.post("/enrol", {"participant": payload, "site": "north"}),
            client.post("/enrol", {"participant": person, "site": payload}),
        ]
        if replies[-1].status != 303:
            replies.append(client.post("/enrol", {"participant": person, "site": "north"}))
        assert replies[-1].status == 303, (payload, replies[-1].status)
        at = f"/participants/{person}"
        tissue = {"lesion": "L1", "subtype": "F1", "biopsy-on": "2026-01-05",
                  "reported-on": "2026-01-09", "specimen": "core", "method": "m", "reference": "r"}
        replies.append(client.post(f"{at}/tissue", {**tissue, "lesion": payload}))
        for field in ["specimen", "method", "reference", "reason"]:
            lesion = {"lesion": f"L-{field}"}
            replies.append(client.post(f"{at}/tissue", {**tissue, **lesion, "reason": "two",
                                                        field: payload}))
        for field in ["subtype", "biopsy-on"]:
            reply = client.post(f"{at}/tissue", {**tissue, field: payload})
            assert reply.status == 422, (payload, field, reply.status)
            replies.append(reply)
        replies.append(client.post(f"{at}/treat", {
            "event": "tace", "date": "2026-02-01", "lesion": payload, "reason": payload}))
        replies.append(client.post(f"{at}/follow", {
            "event": "adverse-event", "date": "2026-02-01", "term": payload, "grade": "2",
            "reason": payload}))
        replies.append(client.post(f"{at}/call", {"lesion": payload, "reason": payload},
                                   files={"measurement": (payload, payload.encode())}))
        search = client.get("/?search=" + "".join(f"%{b:02x}" for b in payload.encode()[:40]))
        replies.append(search)
        for reply in replies:
            assert reply.status in (200, 303, 422), (payload, reply.status, reply.text[:500])
            for sign in ["<script>hit", "<img src=x", "<svg/onload", "onfocus=hit(11) autofocus x=\"\"",
                         "<iframe", "<base", "<style>*"]:
                assert sign not in reply.text, (payload, sign)
            assert "Set-Cookie: x" not in str(reply.headers)
        stored += sum(reply.status == 303 for reply in replies)
    context = browser.new_context(base_url=address)
    page = context.new_page()
    hits = []
    page.on("dialog", lambda dialog: hits.append(dialog.message))
    page.expose_function("hit", lambda sign: hits.append(sign))
    page.goto("/login")
    page.get_by_label("User").fill("coordinator")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    for path in ["/", "/?page=2", "/study"] + [f"/participants/SIM-{100 + n}"
                                               for n in range(len(PAYLOADS))]:
        page.goto(path)
        assert page.locator("h1").is_visible(), path
        foreign = page.evaluate(
            "document.querySelectorAll('main script, main iframe, main base, main style, main img').length")
        assert foreign == 0, path
        handlers = page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on')).length")
        assert handlers == 0, path
    assert not hits, hits
    context.close()
    verified = study.act("auditor", "verify")
    holds(f"{len(PAYLOADS)} payloads in every field, {stored} stored; the registry: {verified.strip()}")


def escapes(client):
    for path in ESCAPES:
        reply = client.ask("GET", path)
        assert reply.status in (200, 303, 400, 403, 404, 414, 431), (path[:80], reply.status)
        assert "root:" not in reply.text and "pdff.password" not in reply.text, path[:80]
        if reply.status == 200:
            assert "<h1>Worklist" in reply.text, path[:80]
    holds(f"{len(ESCAPES)} paths lead nowhere else")


def sizes(client, at):
    token = client.token(f"{at}/call")
    large = b"x" * (5 << 20)
    reply = client.post(f"{at}/call", {"lesion": "L1"}, token, files={"measurement": ("m", large)})
    assert reply.status == 413, reply.status
    reply = client.post("/enrol", {"participant": "x" * (70 << 10), "site": "n"}, token)
    assert reply.status == 413, reply.status
    reply = client.ask("POST", "/enrol", b"{}", {"Content-Type": "application/json"})
    assert reply.status == 415, reply.status
    reply = client.ask("POST", f"{at}/call", b"nothing",
                       {"Content-Type": "multipart/form-data; boundary=x"})
    assert reply.status == 400, reply.status
    assert client.get("/healthz").status == 200
    holds("too large, or no form: 413, 415, 400")


def forgeries(address, client, other):
    mine, theirs = client.token("/enrol"), other.token("/")
    person = {"participant": "SIM-900", "site": "north"}
    for token in ["", "0" * 64, theirs, mine[:-1]]:
        assert client.post("/enrol", person, token).status == 403, token
    for headers in [{"Origin": "http://evil.example"}, {"Origin": "null"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]:
        assert client.post("/enrol", person, mine, headers).status == 403, headers
    assert client.ask("GET", "/", headers={"Host": "evil.example"}).status == 421
    assert client.get("/participants/SIM-900").status == 404
    stranger = Client(address)
    stranger.get("/login")
    assert stranger.post("/enrol", person, mine).status == 303
    assert client.get("/participants/SIM-900").status == 404
    holds("forms of others change nothing")


def roles(address, study, person):
    """What each role is answered where; the registry's table."""
    forms = {"/enrol": {"coordinator"}, f"{person}/call": {"coordinator", "radiologist"},
             f"{person}/tissue": {"coordinator", "reader"}, f"{person}/treat": {"coordinator"},
             f"{person}/follow": {"coordinator"}}
    for role in ["coordinator", "radiologist", "reader", "researcher", "auditor", "root"]:
        client = Client(address)
        assert client.sign_in(role).status == 303, role
        for path, allowed in forms.items():
            wanted = 200 if role in allowed else 403
            assert client.get(path).status == wanted, (role, path)
            if role not in allowed:
                fields = {"participant": "SIM-901", "site": "n", "lesion": "L1", "subtype": "F1",
                          "biopsy-on": "2026-01-01", "reported-on": "2026-01-02", "specimen": "s",
                          "method": "m", "reference": "r", "event": "systemic-start",
                          "date": "2026-01-01"}
                files = {"measurement": ("m", b"{}")} if path.endswith("call") else None
                reply = client.post(path, fields, client.token("/"), files=files)
                assert reply.status == 403, (role, path, reply.status)
        for path in ["/", person, "/study", "/api/worklist", "/api/study"]:
            assert client.get(path).status == 200, (role, path)
        basic = Client(address)
        secret = base64.b64encode(f"{role}:{study.tokens[role]}".encode()).decode()
        assert basic.get("/api/worklist", Authorization=f"Basic {secret}").status == 200, role
        assert basic.get("/", Authorization=f"Basic {secret}").status == 303, role
    assert Client(address).get("/api/worklist").status == 401
    holds("each role gets what the table says, by cookie and by token")


def sessions(address, study):
    folder = pathlib.Path(study.registry + ".serve")

    def only_session(client):
        assert client.sign_in("auditor").status == 303
        assert client.get("/").status == 200
        return max(folder.glob("session-*"), key=lambda file: file.stat().st_mtime_ns)

    client = Client(address)
    file = only_session(client)
    old = time.time() - 31 * 60
    os.utime(file, (old, old))
    assert client.get("/").status == 303 and not file.exists()
    client = Client(address)
    file = only_session(client)
    document = json.loads(file.read_text())
    document["opened_at"] -= 12 * 3600 + 1
    file.write_text(json.dumps(document))
    assert client.get("/").status == 303
    client = Client(address)
    only_session(client)
    kept = dict(client.cookies)
    before = kept[next(name for name in kept if "session" in name)]
    assert client.sign_in("auditor").status == 303
    assert before not in client.cookies.values()
    assert client.post("/logout", {}, page="/").status == 303
    client.cookies = kept
    assert client.get("/").status == 303
    client = Client(address)
    only_session(client)
    study.act("root", "user", "disable", "--name", "auditor", verb_parts=2)
    first = client.get("/")
    assert first.status == 403 and "SIM-" not in first.text
    assert client.get("/").status == 303
    assert Client(address).sign_in("auditor").status == 401
    holds("sessions end: unused, old, signed out, user disabled; a login changes the cookie")


def guessing(address):
    client = Client(address)
    answers = [client.sign_in("researcher", "wrong password no. %d" % n).status for n in range(6)]
    assert answers == [401] * 5 + [429], answers
    assert client.sign_in("researcher").status == 429
    assert client.sign_in("coordinator").status == 303
    holds("five wrong passwords close a name, not the others")


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        study = Study(folder, [("SIM-001", "north")])
        study.set_passwords(["coordinator", "radiologist", "reader", "researcher", "auditor", "root"])
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        try:
            address = study.serve("--maps", folder)
            client, other = Client(address), Client(address)
            assert client.sign_in("coordinator").status == 303
            assert other.sign_in("coordinator").status == 303
            payloads(client, study, browser, address)
            radiologist = Client(address)
            assert radiologist.sign_in("radiologist").status == 303
            escapes(client)
            escapes(radiologist)
            sizes(client, "/participants/SIM-001")
            forgeries(address, client, other)
            roles(address, study, "/participants/SIM-001")
            sessions(address, study)
            guessing(address)
            browser.close()
        finally:
            status, said = study.stop()
        assert status == 0 and not said, (status, said)
        for name in ["SIM-", "evil"]:
            assert name not in said
        holds("the server said nothing, and ended in order")


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        print("does not hold:", error, file=sys.stderr)
        raise
