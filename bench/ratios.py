"""Measures tokenizers against o200k by kind of text: the tables of reviewbot/tokens/ratios.py.

Usage: python bench/ratios.py DJANGO NAME=TOKENIZER.json … DJANGO is the folder of an installed
Django, whose translations, scripts and styles are read with Python's own library and tables made
from a fixed seed. A tokenizer is a file of Hugging Face's; `llama-3` and `llama-2` are measured by
themselves. `current` is what Llama 3 and the vocabularies of four vendors that ship here have in
common. Printed are the least, the middle and the largest of all documents, widened by 15%, since a
prompt or a change is shorter than these, and by 25% where there are fewer than 20 of the kind.
"""

import ast
import random
import re
import statistics
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from tokenizers import Tokenizer

from reviewbot.tokens import Counter
from reviewbot.tokens.text_kinds import TextKind, segments

CHARACTERS = 9_000
LEAST_TOKENS = 200
FEW = 20
SHIPPED = ("deepseek-3", "gemma-3", "qwen-3", "tekken")
LANGUAGES = (
    "ar az bg bn cs de el en_GB es et fa fi fr he hi hr hu hy id it ja ka kk kn ko lt mk ml mn mr "
    "ne nl pl pt_BR ro ru sr sv sw ta te th tr uk ur vi zh_Hans zh_Hant km"
)
SIGNS = "😀😂🥳👍🚀🔥💡📦🐶🍕🌍✨🎉→≤√∑"


def documents(django: Path) -> Iterator[str]:
    """Texts of many kinds, always the same for one version of Django and of Python."""
    for language in LANGUAGES.split():
        yield translation(django, language)
    library = Path(sysconfig.get_paths()["stdlib"])
    folders = [(library, "*.py")]
    folders += [(django, f"**/*.{ending}") for ending in ("css", "html", "js", "py", "txt")]
    for folder, pattern in folders:
        files = [file for file in sorted(folder.glob(pattern)) if file.stat().st_size > CHARACTERS]
        for file in random.Random(7).sample(files, min(12, len(files))):
            yield file.read_text("utf-8")[:CHARACTERS]
    numbers = random.Random(3)
    for places in range(6):
        rows = [[round(numbers.random() * 10**places, 3) for _ in range(8)] for _ in range(80)]
        yield "\n".join(",".join(map(str, row)) for row in rows)
        yield "\n".join(
            f"| 2026-{place:02} | {' | '.join(map(str, rows[place]))} |" for place in range(60)
        )
        yield "\n".join("".join(numbers.choices(SIGNS, k=20)) for _ in range(30))


def translation(django: Path, language: str) -> str:
    """What one language's catalogues say, without their placeholders."""
    said = []
    for file in sorted(django.glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        text = file.read_text("utf-8")
        for found in re.finditer(r'^msgstr(?:\[0\])? ((?:".*"\n?)+)', text, re.MULTILINE):
            line = "".join(ast.literal_eval(part) for part in re.findall(r'".*"', found[1]))
            if len(line) > 25 and not line.startswith("Project-Id"):
                said.append(re.sub(r"%\(\w+\)[sd]|%[sd]", "X", line))
    return "\n".join(said)[:CHARACTERS]


def main() -> None:
    django, *named = sys.argv[1:]
    counter = Counter()
    own: dict[str, Callable[[str], int]] = {}
    for item in named:
        name, _, file = item.partition("=")
        own[name] = loaded(file)
    tokenizers = own | {name: partial(counter.count, encoding=name) for name in SHIPPED}
    ratios = measured(list(documents(Path(django))), tokenizers, counter)
    groups: dict[str, tuple[str, ...]] = {name: (name,) for name in own}
    groups["current"] = ("llama-3", *SHIPPED)
    for title, names in groups.items():
        print(f"{title}:")
        for kind in TextKind:
            found = [ratios[kind][name] for name in names]
            few = min(map(len, found)) < FEW
            low, high = min(map(min, found)), max(map(max, found))
            middle = statistics.median(statistics.median(rates) for rates in found)
            wider = 0.25 if few else 0.15
            print(f"    {kind.name}: {low * (1 - wider):.2f} {middle:.2f} {high * (1 + wider):.2f}")


def loaded(file: str) -> Callable[[str], int]:
    tokenizer = Tokenizer.from_file(file)
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def measured(
    texts: list[str], tokenizers: Mapping[str, Callable[[str], int]], counter: Counter
) -> dict[TextKind, dict[str, list[float]]]:
    """By kind and tokenizer, its tokens for each of o200k's, in each document that has enough."""
    found: defaultdict[TextKind, defaultdict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for text in texts:
        parts: defaultdict[TextKind, str] = defaultdict(str)
        for kind, part in segments(text):
            parts[kind] += part
        for kind, part in parts.items():
            tokens = counter.count(part, "o200k_base")
            if tokens >= LEAST_TOKENS:
                for name, count in tokenizers.items():
                    found[kind][name].append(count(part) / tokens)
    return {kind: dict(of_kind) for kind, of_kind in found.items()}


if __name__ == "__main__":
    main()
