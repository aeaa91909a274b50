"""A plain HTTP client of the worklist, which sends what no browser would."""

import http.client
import re
import urllib.parse
import uuid

from study import PASSWORD


class Reply:
    def __init__(self, reply):
        self.status, self.headers, self.bytes = reply.status, reply.headers, reply.read()
        self.text = self.bytes.decode("utf-8", "replace")


class Client:
    def __init__(self, address):
        self.host, port = address.removeprefix("http://").rsplit(":", 1)
        self.port = int(port)
        self.cookies = {}

    def ask(self, method, path, body=None, headers=None):
        """One request on a connection of its own; the path goes out as it is."""
        link = http.client.HTTPConnection(self.host, self.port, timeout=120)
        # What http.client holds to be a bad path is what is to be tried here.
        link._validate_path = lambda path: None
        link.putrequest(method, path, skip_host=bool(headers and "Host" in headers),
                        skip_accept_encoding=True)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        sent.update(headers or {})
        for name, value in sent.items():
            if value:
                link.putheader(name, value)
        if body is not None and "Content-Length" not in sent and "Transfer-Encoding" not in sent:
            link.putheader("Content-Length", str(len(body)))
        link.endheaders(body)
        reply = Reply(link.getresponse())
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        link.close()
        return reply

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def token(self, path):
        return re.search(r'name="token" value="(\w+)"', self.get(path).text).group(1)

    def post(self, path, fields, token=None, headers=None, files=None, page=None):
        """Sends a form; its token is that of `page` where none is given."""
        fields = dict(fields)
        fields["token"] = self.token(page or path) if token is None else token
        if files is None:
            body = urllib.parse.urlencode(fields).encode()
            kind = "application/x-www-form-urlencoded"
        else:
            boundary = uuid.uuid4().hex
            parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
            parts += [(f'name="{name}"; filename="{file}"', data)
                      for name, (file, data) in files.items()]
            body = b"".join(
                f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data
                + b"\r\n" for head, data in parts) + f"--{boundary}--\r\n".encode()
            kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", path, body, {"Content-Type": kind, **(headers or {})})

    def sign_in(self, user, password=PASSWORD):
        self.get("/login")
        return self.post("/login", {"user": user, "password": password, "then": "/"})
