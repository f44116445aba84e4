"""Looking for what sends a prompt through altered files ends with the time of the review."""

from reviewbot.allowance import Allowance
from reviewbot.prompt_formats._common.sent_form import SentForms
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.bounded_reading import BoundedReading
from reviewbot.scope.sent_otherwise.changed_names import ChangedNames
from reviewbot.scope.sent_otherwise.definitions import Definitions
from reviewbot.scope.sent_otherwise.imported_names import imports
from reviewbot.scope.sent_otherwise.known_changes import KnownChanges
from reviewbot.scope.sent_otherwise.selected_names import Naming
from reviewbot.scope.sent_otherwise.through_files import find_through
from tests.support.processor_time import processor_seconds

HELPER = Altered(
    path="helper.py", after="def pad(t):\n    return t * 9\n", old="helper.py", before=" "
)
SENDING = Linked(
    path="app.py",
    text="from helper import pad\nask(pad(SYSTEM))\n",
    names=("SYSTEM",),
    said={"helper.py": HELPER},
    users={},
    is_sure=True,
)


def told(allowance: Allowance) -> list[str]:
    found: list[str] = []
    definitions = Definitions(lambda: (HELPER.after,), {"helper"})
    list(
        find_through(
            [SENDING],
            KnownChanges(definitions, Naming({}, {}), lambda *_: ()),
            BoundedReading(lambda *_: SentForms(), allowance),
            lambda item, problem, _: found.append(f"{item.path}: {problem and problem.what}"),
        )
    )
    return found


def test_nothing_is_told_while_there_is_time() -> None:
    assert told(Allowance()) == []


def test_what_there_is_no_time_for_is_told() -> None:
    (said,) = told(Allowance(seconds=0))
    assert said.startswith("helper.py: the 45 seconds")
    assert "are used up" in said


def test_a_name_is_looked_up_in_a_long_file_in_no_time() -> None:
    text = "".join(f'import {{ a{n}, b{n} }} from "./m{n}";\n{{ x: {n} }}' for n in range(20_000))

    began = processor_seconds()
    assert imports(text, "m7", "b7")
    assert not any(imports(text, "m7", f"b{n}") for n in range(100, 400))
    assert processor_seconds() - began < 5


def test_classes_that_are_made_of_each_other_take_no_time() -> None:
    text = "".join(f"class A{n}(A{n + 1}):\n    x = 1\n" for n in range(10_000))
    definitions = Definitions(lambda: (text,), {"helper"})

    began = processor_seconds()
    assert len(definitions.related(f"A{n}" for n in range(10_000))) == 10_001
    assert processor_seconds() - began < 5


def test_names_that_say_each_other_take_no_time() -> None:
    text = "".join(f"a{n} = [a{n + 1}, 1]\n" for n in range(10_000))
    item = Altered(path="b.py", after=text + "a10000 = 2\n", old="b.py", before=text)

    began = processor_seconds()
    assert ChangedNames(item).sets_any(["a0"])
    assert not ChangedNames(item).matter_to(SENDING, Definitions(lambda: (text,), {"b"}))
    assert processor_seconds() - began < 5
