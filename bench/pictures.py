"""Makes all pictures again: terminal, comment and HTML report of every state, in real Chromium.

Usage: python bench/pictures.py FOLDER [--state NAME] [--open] [--axe FILE] [--documentation]. Needs
the dependency group `pictures`, a Chromium, and a font with emoji. `--open` unfolds what is folded.
`--axe` checks pages of HTML by axe-core, whose `axe.min.js` is in the npm package of that name;
whatever it finds is printed, and so is each request that a page makes. `--documentation` makes the
pictures of docs/pictures too.
"""

import argparse
import importlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from picture_states import STATES, State

from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.markdown import Site, render_markdown

HERE = Path(__file__).parent
SITE = Site(
    repository_url="https://github.com/acme/support-bot",
    run_url="https://github.com/acme/support-bot/actions/runs/1",
    documentation_url="https://github.com/acme/reviewbot/tree/v1/docs",
)
WIDTHS = (900, 400)
SCHEMES = ("light", "dark")
GIT = ("-c", "user.name=example", "-c", "user.email=example@example.invalid")
DAY = "2026-11-01T12:00:00Z"
_SHOWN = "breach"
_COLOURS = 96


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--state", action="append", choices=STATES)
    parser.add_argument("--open", action="store_true", help="unfold what comments fold")
    parser.add_argument("--axe", type=Path, help="the file axe.min.js")
    parser.add_argument(
        "--documentation", action="store_true", help=f"write docs/pictures, of {_SHOWN}"
    )
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name in chosen.state or STATES:
        with tempfile.TemporaryDirectory() as place:
            commit(Path(place), STATES[name]())
            for title, text in outputs(Path(place), STATES[name]()):
                page = text.replace("<details>", "<details open>") if chosen.open else text
                (chosen.folder / f"{name}.{title}.page.html").write_text(page)
    objections = take(chosen.folder, chosen.axe.read_text() if chosen.axe else "")
    if chosen.documentation:
        document(chosen.folder)
    sys.exit(objections)


def commit(place: Path, state: State) -> None:
    """The two commits of a state, in a repository at `place`."""

    def git(*arguments: str, text: str = "") -> None:
        subprocess.run(
            ["git", "-C", str(place), *GIT, *arguments],
            check=True,
            capture_output=True,
            input=text.encode(),
            env=os.environ | {"GIT_COMMITTER_DATE": DAY},
        )

    git("init", "--quiet", "--initial-branch", "main")
    for number, (files, branch) in enumerate(((state.base, None), (state.head, "more-examples"))):
        if branch:
            git("switch", "--quiet", "--create", branch)
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        if branch and state.patch:
            git("apply", "-", text=state.patch)
        git("add", "--all")
        git("commit", "--quiet", "--date", DAY, "--message", state.messages[number])


def outputs(place: Path, state: State) -> Iterator[tuple[str, str]]:
    """Every output of a state as a page: its title, and HTML."""

    def run(*arguments: str, columns: int = 80) -> str:
        command = [sys.executable, "-m", "reviewbot", *arguments, "--repo", str(place), "--cache"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=os.environ | {"COLUMNS": str(columns)},
            cwd=HERE.parent,
            check=False,
        )
        return done.stdout or done.stderr

    def check(*arguments: str, columns: int = 80) -> str:
        return run("check", "--base", "main", *state.arguments, *arguments, columns=columns)

    if state.is_refused:
        markdown = check("--format", "markdown")
    else:
        report = read_report(check("--format", "json").encode(), file="report.json")
        markdown = render_markdown(report, limit=64_000, site=SITE)
    yield "comment", as_github(markdown)
    yield "page", check("--format", "html")
    if state.explained is not None:
        yield "explained", run("explain", state.explained, "--format", "html")
    for columns in (80, 120):
        shown = check("--colour", "always", columns=columns)
        yield f"terminal-{columns}", as_terminal(shown, columns)


def as_github(markdown: str) -> str:
    """Markdown as GitHub shows it: cmark-gfm, alerts, and a page with measures like its own."""
    cmark: Any = importlib.import_module("cmarkgfm")
    options: Any = importlib.import_module("cmarkgfm.cmark").Options
    body = cmark.github_flavored_markdown_to_html(markdown, options.CMARK_OPT_UNSAFE)
    alert = r"<blockquote>\s*<p>\[!(\w+)\]\s*(.*?)</p>\s*</blockquote>"
    body = re.sub(
        alert,
        lambda found: (
            f'<div class="alert {found[1].lower()}"><p>{found[1].title()}</p>'
            f"<p>{found[2]}</p></div>"
        ),
        body,
        flags=re.DOTALL,
    )
    author = '<div class="author"><b>github-actions</b> bot commented now</div>'
    style = (HERE / "github.css").read_text()
    return _page(f'<div class="comment">{author}<div class="body">{body}</div></div>', style)


def as_terminal(text: str, columns: int) -> str:
    """What a terminal shows, with its colours."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=columns, file=io.StringIO())
    console.print(Text.from_ansi(text), end="")
    code = console.export_html(inline_styles=True, code_format="<pre>{code}</pre>")
    style = f"body{{margin:0;padding:12px;background:#fff;color:#111}}pre{{width:{columns}ch;"
    style += "margin:0;font:14px/1.35 'DejaVu Sans Mono',monospace}"
    return _page(code, style)


def _page(body: str, style: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return (
        f"<!doctype html><html lang=en><head>{head}<style>{style}</style></head><body>{body}</body>"
    )


def take(folder: Path, axe: str) -> int:
    """A picture of every page in `folder`, in each width and scheme; how much `axe` objects to."""
    objections = 0
    playwright: Any = importlib.import_module("playwright.sync_api")
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        for page in sorted(folder.glob("*.page.html")):
            name = page.name.removesuffix(".page.html")
            is_terminal = ".terminal-" in name
            for scheme in SCHEMES[: 1 if is_terminal else 2]:
                for width in (1100,) if is_terminal else WIDTHS:
                    tab = browser.new_page(
                        viewport={"width": width, "height": 300}, color_scheme=scheme
                    )
                    asked: list[str] = []
                    tab.on("request", lambda it, asked=asked: asked.append(it.url))
                    tab.goto(page.as_uri())
                    end = "" if is_terminal else f".{scheme}.{width}"
                    tab.screenshot(path=str(folder / f"{name}{end}.png"), full_page=True)
                    if axe and name.endswith((".page", ".explained")):
                        objections += _objections(tab, axe, f"{name}{end}")
                        for url in asked[1:]:
                            print(f"{name}{end}: asks for {url}")
                        objections += len(asked) - 1
                    tab.close()
        browser.close()
    return objections


def document(folder: Path) -> None:
    """The pictures of the documentation, with as few colours as look the same."""
    image: Any = importlib.import_module("PIL.Image")
    for title in ("comment", "page"):
        with image.open(folder / f"{_SHOWN}.{title}.light.{WIDTHS[0]}.png") as picture:
            few = picture.convert("RGB").quantize(
                _COLOURS, method=image.Quantize.FASTOCTREE, dither=image.Dither.NONE
            )
            few.save(HERE.parent / f"docs/pictures/{title}.png", optimize=True)


def _objections(tab: Any, axe: str, name: str) -> int:
    """What axe-core objects to in a page, which is printed."""
    tab.evaluate(axe)
    found = tab.evaluate("axe.run()")["violations"]
    for item in found:
        print(f"{name}: {item['id']}: {item['help']}: {item['nodes'][0]['html'][:120]}")
    is_wide = tab.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    if is_wide:
        print(f"{name}: the page scrolls sideways")
    return len(found) + bool(is_wide)


if __name__ == "__main__":
    main()
