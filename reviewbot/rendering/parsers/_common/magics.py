"""What IPython adds to Python, as Python that does the same to the names of a notebook.

The magics are those of IPython 9, and of profilers in wide use.
"""

import re
from collections.abc import Iterator

from reviewbot.rendering.parsers._common.python_tokens import DEPTH, TOKEN
from reviewbot.rendering.parsers._common.setting_magics import star_of

Line = tuple[int, str]
"""The number of a line in the notebook's file, and what stands there."""

UNKNOWN = "__ipython__()"
"""A value that only the running notebook knows."""

_TARGET = (
    r"[A-Za-z_][\w.]{0,60}(?:\[[^\[\]=\n]{1,40}\])?(?:[ \t]{0,4},[ \t]{0,4}[A-Za-z_]\w{0,40}){0,5}"
)
_MAGIC = re.compile(
    rf"(?P<indent>[ \t]*)(?:(?P<target>{_TARGET})[ \t]*=[ \t]*)?"
    r"(?:%{1,2}(?P<name>[A-Za-z_]\w{0,40})(?P<rest>[^\n]*)|(?P<other>[!?%]))"
    r"|[\w.]{1,60}\?{1,2}[ \t]*\Z"
)
_RUN_PYTHON = {
    "time": "",
    "timeit": "nrpv",
    "prun": "DlsT",
    "memit": "rti",
    "lprun": "fmDTu",
    "mprun": "fT",
    **dict.fromkeys(("heat", "snakeviz", "pyinstrument", "scalene", "px", "debug", "ipytest"), ""),
    **dict.fromkeys(("mypy", "local", "pyspark"), ""),
}
"""Magics that run Python, and which of their options have a value."""

_OTHER_PROGRAMS = {
    *("bash", "sh", "script", "system", "sx", "cmd", "powershell", "perl", "ruby", "python"),
    *("python2", "python3", "pypy", "html", "HTML", "javascript", "js", "latex", "markdown"),
    *("svg", "SVG", "writefile", "file", "sql", "R", "julia", "cython", "mermaid", "css"),
    *("bigquery", "spark", "ai", "shell", "configure", "appendfile"),
}
"""Cells that no Python of the notebook's own is in."""

_HARMLESS = _OTHER_PROGRAMS | {
    *("load_ext", "reload_ext", "unload_ext", "autoreload", "aimport", "matplotlib", "pip"),
    *("conda", "mamba", "micromamba", "uv", "cd", "pwd", "ls", "ll", "cat", "env", "set_env"),
    *("config", "who", "whos", "who_ls", "history", "hist", "notebook", "logstart", "logon"),
    *("logoff", "logstop", "logstate", "pdb", "xmode", "colors", "precision", "alias", "unalias"),
    *("bookmark", "dirs", "dhist", "pushd", "popd", "psearch", "pinfo", "pinfo2", "pdoc", "pdef"),
    *("psource", "pfile", "pycat", "page", "lsmagic", "magic", "quickref", "automagic", "gui"),
    *("pprint", "doctest_mode", "profile", "tb", "rehashx", "killbgscripts", "save", "mkdir"),
    *("tensorboard", "watermark", "clear", "cls", "rm", "cp", "mv", "man", "more", "less"),
    *("connect_info", "qtconsole", "lprof", "nbdime", "dotenv", "load_dotenv"),
    *("wandb", "nb_black", "tensorflow_version", "view", "skip"),
    *("flake8_on", "flake8_off", "pycodestyle_on", "pycodestyle_off", "mypy_on", "mypy_off"),
    # AWS Glue, of its sessions
    *("glue_version", "idle_timeout", "worker_type", "number_of_workers", "region", "iam_role"),
    *("additional_python_modules", "extra_py_files", "extra_jars", "connections", "tags"),
    *("session_id_prefix", "session_type", "stop_session", "status", "list_sessions"),
}
_SETTING = {"run", "store", "load", "loadpy", "edit", "reset", "reset_selective", "pylab", "macro"}
"""Magics of IPython that may set anything."""

_KEPT = re.compile(r"(?:--?(?:out|err|proc|return|o|output)[ =]{1,2})([A-Za-z_][\w,]{0,80})")
_SQL_KEPT = re.compile(r"(?<!\w)([A-Za-z_]\w{0,60})(?!\w)[ \t]{0,4}=?[ \t]{0,4}<<")
_NAMES = re.compile(r"(?:^|[ \t,])([A-Za-z_]\w{0,60})(?=[ \t,]|\Z)")


def without_magics(lines: list[Line]) -> Iterator[Line]:
    """The lines of a cell as Python reads them."""
    lines = [*lines]
    start = next((at for at, (_, line) in enumerate(lines) if line.strip()), len(lines))
    while start < len(lines) and lines[start][1].startswith("%%"):
        number, line = lines[start]
        name, rest = _named(line)
        lines[start] = number, _of_cell(name, rest, [text for _, text in lines[start + 1 :]])
        start += 1
        if name != "capture" and name not in _RUN_PYTHON:
            yield from lines[:start]
            yield from ((number, "") for number, _ in lines[start:])
            return
    yield from _of_lines(lines)


def sets_nothing(name: str) -> bool:
    """Whether a line with a magic sets no name, whatever stands behind it."""
    return name in _HARMLESS - _OTHER_PROGRAMS


def _named(line: str) -> tuple[str, str]:
    found = _MAGIC.match(line)
    return (found["name"] or "", found["rest"] or "") if found else ("", "")


def _of_cell(name: str, rest: str, lines: list[str]) -> str:
    """What the first line of a cell with a magic does; `lines` are those below it."""
    if name == "capture":
        return _set([said for said in _NAMES.findall(rest) if said[0] != "-"][:1])
    if name in _RUN_PYTHON:
        return _code(name, rest)
    if name in _OTHER_PROGRAMS:
        return _set(_kept(name, "\n".join((rest, *lines)) if name == "sql" else rest))
    is_left_out = name == "skip" and not rest.strip()
    return "" if is_left_out else _anything(name, is_cell=True)


def _kept(name: str, rest: str) -> list[str]:
    """The names that another program's result is kept under."""
    if name == "bigquery":
        return _NAMES.findall(rest)
    return _KEPT.findall(rest) + (_SQL_KEPT.findall(rest) if name == "sql" else [])


def _anything(name: str, *, is_cell: bool = False) -> str:
    """What a magic does that may set anything."""
    return star_of(name, is_cell=is_cell, is_known=name in _SETTING or name in _HARMLESS)


def _of_lines(lines: list[Line]) -> Iterator[Line]:
    text = "\n".join(line for _, line in lines)
    begin = {0}
    depth = 0
    for token in TOKEN.finditer(text):
        depth = max(0, depth + DEPTH.get(token[0], 0))
        if token[0] == "\n" and depth == 0 and not text.endswith("\\", 0, token.start()):
            begin.add(token.end())
    position = 0
    is_continued = False
    for number, line in lines:
        found = _MAGIC.match(line) if position in begin else None
        position += len(line) + 1
        if found is not None:
            yield number, _python(found)
        else:
            yield number, "" if is_continued else line
        is_continued = (found is not None or is_continued) and line.endswith("\\")


def _python(found: re.Match[str]) -> str:
    """What a line with a magic does."""
    indent, target, name = found["indent"] or "", found["target"], found["name"] or ""
    rest = found["rest"] or ""
    if name in _RUN_PYTHON:
        code = _code(name, rest) or "pass"
        return f"{indent}{target} = {code}" if target else f"{indent}{code}"
    if target:
        return f"{indent}{target} = {UNKNOWN}"
    said = ""
    if name == "store":
        is_read = re.search(r"(?:^|[ \t])-r", rest)
        said = (_set(_NAMES.findall(rest)) or _anything(name)) if is_read else ""
    elif name in _OTHER_PROGRAMS:
        said = _set(_kept(name, rest))
    elif name and name not in _HARMLESS:
        said = _anything(name)
    return f"{indent}{said or 'pass'}" if indent else said


def _set(names: list[str]) -> str:
    """A statement that sets names to what is not known."""
    every = [name for said in names for name in said.split(",") if name.isidentifier()]
    return " = ".join([*every, UNKNOWN]) if every else ""


def _code(name: str, rest: str) -> str:
    """The statement behind the options of a magic."""
    words = rest.strip()
    while words.startswith("-"):
        option, _, words = words.partition(" ")
        words = words.lstrip()
        if option.startswith("--"):
            continue
        if len(option) == len("-n") and option[1:] in _RUN_PYTHON[name]:
            words = words.partition(" ")[2].lstrip()
    return words
