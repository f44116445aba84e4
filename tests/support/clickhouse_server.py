"""ClickHouse (chdb) behind the part of its HTTP interface that its Python client uses."""

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PASSWORD = "pa55/w@rd"
_REFUSED = (
    "Code: 516. DB::Exception: reader: Authentication failed: password is incorrect, or there is no"
    " user with such name. (AUTHENTICATION_FAILED)"
)
_SETTINGS = {"session_timezone", "max_execution_time"}
"""Of the query; others are of the transport."""


@contextmanager
def clickhouse_server(session: Any) -> Iterator[int]:
    """The port of a server whose queries `session` answers, for the user `reader`."""
    lock = threading.Lock()
    login = base64.b64encode(f"reader:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            asked = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            query = f"{asked.get('query', '')}{body}"
            if self.headers.get("Authorization") != f"Basic {login}":
                return self._reply(403, _REFUSED.encode(), 516)
            found = re.search(r"\s+FORMAT\s+(\w+)\s*;?\s*$", query, re.IGNORECASE)
            kind = found[1] if found else "TabSeparated"
            with lock:
                try:
                    for name in asked.keys() & _SETTINGS:
                        session.query(f"SET {name} = '{asked[name]}'")
                    answer = session.query(query[: found.start()] if found else query, kind)
                    data = answer.bytes()
                except RuntimeError as error:
                    return self._reply(500, str(error).encode(), 1)
            return self._reply(200, data)

        def _reply(self, status: int, data: bytes, code: int = 0) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if code:
                self.send_header("X-ClickHouse-Exception-Code", str(code))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
