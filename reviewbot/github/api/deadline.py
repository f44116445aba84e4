"""An end for requests: an answer that drips in byte by byte has none of its own.

`concurrent.futures` does not fit: at the end of the process it waits for its threads.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


def within(seconds: float, call: Callable[[], _Result]) -> _Result:
    """The result of `call`, which goes on in a thread of its own where it takes longer.

    Raises:
        TimeoutError: It takes longer.

    """
    if seconds <= 0:
        raise TimeoutError("no time is left")
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("no whole answer came in time")
    return results[0]
