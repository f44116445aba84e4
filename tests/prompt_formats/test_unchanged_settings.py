"""What the running program knows is another where it may be, not where lines beside it are."""

import pytest

from reviewbot.prompt_formats import python
from tests.support.reading import read

METHOD = """\
class Shop:
{fields}
    def __init__(self, model, size):
        self.model = model
        self.size = size

    def _note(self, q):
        self.calls = self._count(q)
        self.logger.debug("asked %s", self)

    def _count(self, q):
        return q or self._note(q)

    def _enlarge(self, q):
        self._note(q)
        self._choose()

    def _choose(self):
        self.model = self.size

    def _any(self):
        setattr(self, "model", 1)

    def _logged(self):
        self.logger.info("chose %s", self._choose())

    def _further(self):
        super().choose()

    def ask(self, q, more):
{lines}
        return create(model=self.{read}, prompt="Say it, and say it to all of them right here.")
"""


def model(lines: str, read_there: str = "model", fields: str = "    x = 1") -> str:
    lines = "\n".join(8 * " " + line for line in lines.split("\n"))
    source = METHOD.format(lines=lines, read=read_there, fields=fields)
    file = read(python, source, path="a.py", selector="Shop.ask.prompt")
    (found,) = (item.value for item in file.settings if item.key == "model")
    return found


@pytest.mark.parametrize(
    "line",
    [
        "self.calls += 1",
        "self.started = now()",
        "self.seen[q] = more",
        "self.stats.calls.append(1)",
        "self.logger.info('asked %s', q)",
        "self._log.debug(q)",
        "self.prompt = f'Say {q}.'",
        "del self.seen",
        "logger.warning(self.model)",
        "self._note(q)",
        "shown = self._note(q)",
        "self.shown = self._count(q)",
    ],
)
def test_what_an_object_keeps_beside_its_model_is_no_other_model(line: str) -> None:
    assert model(f"pass\n{line}") == model("pass")


@pytest.mark.parametrize(
    ("line", "read_there", "fields"),
    [
        ("self.model = self.model + more", "model", ""),
        ("self.model += more", "model", ""),
        ("self.model.name = more", "model", ""),
        ("self.model.choose(q)", "model", ""),
        ("self.choose(q)", "model", ""),
        ("self.log(q)", "model", ""),
        ("self.__dict__.update(more)", "model", ""),
        ("self.logger.attach(self)", "model", ""),
        ("self.logger.attach(to=self)", "model", ""),
        ("del self.model", "model", ""),
        ("self.a, (self.model, *self.b) = more", "model", ""),
        ("for self.model in more: pass", "model", ""),
        ("self = more", "model", ""),
        ("self._enlarge(q)", "model", ""),
        ("self._note(self._choose())", "model", ""),
        ("self._note(self)", "model", ""),
        ("logger.info(self._choose())", "model", ""),
        ("self._logged()", "model", ""),
        ("self._any()", "model", ""),
        ("self._further()", "model", ""),
        ("self.calls += 1", "pick(q)", ""),
        ("self.calls += 1", "_count(q)", ""),
        ("self.large = True", "chosen", ""),
        ("self.large = True", "model", "    @property\n    def model(self): return self.large"),
        ("self.large = True", "model", "    model = Chosen()"),
    ],
)
def test_what_may_be_another_model_is_told_apart(line: str, read_there: str, fields: str) -> None:
    fields = fields or "    x = 1"
    assert model(f"pass\n{line}", read_there, fields) != model("pass", read_there, fields)


@pytest.mark.parametrize(
    "held",
    [
        'kept = f"Say {q} to them, and say {more!r:>9} as well."',
        'kept = "Say it to them." if q else f"Say {more}."',
        'kept = ["Say it to them.", f"Say {more}."]',
        'kept = "Say {}.".format(q)',
        "kept = 'a'\nif q:\n    kept += more",
    ],
)
def test_lines_above_make_no_other_model(held: str) -> None:
    source = f"{held}\nmodel = choose(kept)\nself.model = model"
    assert model(source) == model("# A line.\n\npass\n".replace("pass\n", "") + source)
    assert model(source) != model(source.replace("more", "other").replace("q", "p"))
