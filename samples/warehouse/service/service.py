"""Stands for a warehouse somewhere else: an HTTP service on loopback, which the job starts for its run so that nothing is to set up.

    GET /TABLE?day=DATE     the table's rows of that day, as CSV

It takes one connection at a time, and refuses a second one with 409. It is busy, 503, at the first attempt of every day and at the
second of every third one; who has a token is served at once. Which attempt it is, the client tells it, so that each build is alike.
"""
import contextlib
import fcntl
import http.server
import pathlib
import threading
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        table, day = url.path.strip("/"), urllib.parse.parse_qs(url.query)["day"][0]
        if not self.server.is_only_one:
            self.answer(409, "one connection at a time, and there is one already")
        elif int(self.headers["X-Attempt"]) <= self.busy_attempts(day):
            self.answer(503, "busy, come again")
        elif not (HERE / f"{table}.csv").is_file():
            self.answer(404, f"no table {table}")
        else:
            lines = (HERE / f"{table}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
            self.answer(200, "OK", "".join(lines[:1] + [line for line in lines if line.startswith(f"{day},")]))

    def busy_attempts(self, day):
        if self.headers["Authorization"]:
            return 0
        return 2 if int(day[-2:]) % 3 == 0 else 1

    def answer(self, code, reason, text=""):
        self.send_response(code, reason)
        self.send_header("Content-Type", "text/csv; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode("utf-8"))

    def log_message(self, *_):
        """Says nothing: the job says what matters."""


@contextlib.contextmanager
def connection():
    """The service's address, while the block runs."""
    with open(HERE / "orders.csv", encoding="utf-8") as file, http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            server.is_only_one = True
        except BlockingIOError:
            server.is_only_one = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
