"""A GitHub with one repository, as tests make it."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.github_server.checks import Checks
from tests.support.github_server.comments import Comments
from tests.support.github_server.handling import Handling
from tests.support.github_server.http_server import HTTPServer
from tests.support.github_server.issues import Issues
from tests.support.github_server.reviews import Reviews


class GitHubServer(Comments, Issues, Reviews, Checks, Handling):
    """A GitHub with one repository, while its context is entered."""

    def __init__(
        self,
        repository_path: Path,
        *,
        full_name: str = "acme/prompts",
        page_size: int = 3,
        token_login: str = "github-actions[bot]",
    ) -> None:
        self._http = HTTPServer(self)
        super().__init__(
            repository_path,
            url=f"http://127.0.0.1:{self._http.server_address[1]}",
            full_name=full_name,
            page_size=page_size,
            token_login=token_login,
        )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()
