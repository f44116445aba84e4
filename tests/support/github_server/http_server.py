"""The server itself: HTTP, git's smart protocol, and faults."""

import contextlib
import http.client
import http.server
import json
import re
import socket
import struct
import subprocess
import threading
import traceback
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Any

from tests.support.github_server.answers import (
    Answer,
    error_body,
)
from tests.support.github_server.faults import Fault, FaultKind
from tests.support.github_server.handling import Handling
from tests.support.github_server.state import (
    Recorded,
)
from tests.support.github_server.store import git_environment

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class HTTPServer(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, github: Handling) -> None:
        self.github = github
        self.connections: set[socket.socket] = set()
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of a host name."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.guard:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.guard:
            self.connections.discard(request)
            if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == _RESET_ON_CLOSE:
                request.close()
            else:
                super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, so that the threads that serve them end."""
        with self.guard:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may leave; any other failure is a fault of this server."""
        del request, client_address
        problem = traceback.format_exc()
        if not re.search(r"^(ConnectionResetError|BrokenPipeError)", problem, re.MULTILINE):
            self.github.violations.append("server failed: " + problem)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "github.com"
    sys_version = ""
    disable_nagle_algorithm = True
    server: HTTPServer

    def log_message(self, *_args: Any, **_named: Any) -> None:
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time by the server's own clock."""
        del timestamp
        return format_datetime(self.server.github.now().astimezone(UTC), usegmt=True)

    def serve(self) -> None:
        """Handle a request of git or of the API."""
        github = self.server.github
        body = self._read()
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        headers = {key.lower(): value for key, value in self.headers.items()}
        parts = re.fullmatch(r"/([^/]+/[^/]+?)(?:\.git)?(/info/refs|/git-[a-z]+-pack)", url.path)
        if parts:
            request = Recorded(self.command, url.path, query, None, headers)
            with github.lock:
                github.git_requests.append(request)
            fault = github.git_faults(request)
            if fault is not None and not self._handled(fault, request):
                return
            self._serve_git(request, parts[1], parts[2], url.query, body)
            return
        prefix = "/api/v3" if url.path.startswith("/api/v3/") else ""
        request = Recorded(
            self.command, url.path.removeprefix(prefix), query, None, headers, prefix
        )
        readable = True
        if body:
            try:
                request.body = json.loads(body)
            except ValueError:
                readable = False
        with github.lock:
            github.requests.append(request)
        fault = github.faults(request)
        if fault is not None and not self._handled(fault, request):
            return
        if readable:
            answer = github.answer(request)
        else:
            github.violations.append(f"{self.command} {url.path}: the body is not JSON")
            answer = Answer(400, error_body(400, "Problems parsing JSON"))
        self._send(request, answer, fault)

    def _handled(self, fault: Fault, request: Recorded) -> bool:
        """Whether the request is handled despite the fault; if not, all is done."""
        match fault.kind:
            case FaultKind.STATUS | FaultKind.HTML:
                self._send(request, Answer(fault.code, fault.body, dict(fault.headers)), None)
            case FaultKind.RESET:
                self._reset()
            case FaultKind.HANG:
                self.server.github.release.wait(fault.seconds)
                self.close_connection = True
            case FaultKind.LOST_REPLY | FaultKind.DRIP | FaultKind.TRUNCATED:
                return True
        return False

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close_connection = True

    def _read(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return b"".join(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _send(self, request: Recorded, answer: Answer, fault: Fault | None) -> None:
        if fault is not None and fault.kind is FaultKind.LOST_REPLY:
            self._reset()
            return
        request.status = answer.code
        github = self.server.github
        used = len(github.requests)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": f"{used:04X}:2A3B",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(max(5000 - used, 0)),
            "X-RateLimit-Reset": str(int((github.now() + timedelta(hours=1)).timestamp())),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Resource": "core",
        } | answer.headers
        if answer.code != http.client.NO_CONTENT:
            headers["Content-Length"] = str(len(answer.body))
        self.send_response(answer.code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is None:
            self.wfile.write(answer.body)
        elif fault.kind is FaultKind.DRIP:
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                if github.release.wait(fault.seconds):
                    break
            self.close_connection = True
        else:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True

    def _serve_git(self, request: Recorded, name: str, rest: str, query: str, body: bytes) -> None:
        github = self.server.github
        status, headers, output = 404, {"Content-Type": "text/plain"}, b"Repository not found."
        if name.lower() == github.full_name.lower():
            given = {
                "REQUEST_METHOD": self.command,
                "QUERY_STRING": query,
                "CONTENT_TYPE": request.headers.get("content-type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
                "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
                "REMOTE_ADDR": "127.0.0.1",
                "GIT_PROJECT_ROOT": str(github.repository_path.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": f"/{github.repository_path.name}{rest}",
            }
            done = subprocess.run(
                ["git", "http-backend"],
                env=git_environment() | given,
                input=body,
                capture_output=True,
                check=False,  # it fails where a commit is asked for that is not there
            )
            head, _, output = done.stdout.partition(b"\r\n\r\n")
            lines = [line.partition(": ") for line in head.decode().split("\r\n")]
            headers = {key: value for key, _, value in lines}
            status = int(headers.pop("Status", "200").split()[0])
        request.status = status
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(output)))
        self.end_headers()
        self.wfile.write(output)


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.serve)
