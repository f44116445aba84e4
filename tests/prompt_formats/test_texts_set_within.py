"""Prompts in Python that no plain statement sets: docstrings, walrus, data in a text, bytes."""

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats import python
from tests.support.reading import read

TEXT = (
    "You sort parcels by size and weight, and you name the shelf that fits best for each of them."
)
SOURCES = {
    "a condition": ('def f(q):\n    if (prompt := "TEXT"):\n        send(prompt)\n', "f.prompt"),
    "an argument": ('def f(q):\n    return send(prompt := "TEXT")\n', "f.prompt"),
    "a docstring under a decorator": (
        '@ell.simple(model="m")\ndef f(q):\n    """TEXT"""\n    return q\n',
        "f.system",
    ),
    "a signature of DSPy": (
        'class Sort(dspy.Signature):\n    """TEXT"""\n    q = dspy.InputField()\n',
        "Sort.instructions",
    ),
    "a decorator": ('@prompt_template("TEXT")\ndef f(q): ...\n', "f.prompt_template.0"),
    "data in a text": ('DATA = json.loads(\'{"system": "TEXT"}\')\n', "DATA.system"),
    "bytes": ('PROMPT = b"TEXT".decode()\n', "PROMPT"),
    "bytes with their encoding": ('PROMPT = b"TEXT".decode("utf-8")\n', "PROMPT"),
    "a call that is yielded": ('def f(q):\n    yield llm.invoke("TEXT")\n', "f.invoke.0"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_it_is_read_under_its_name(name: str) -> None:
    source, selector = SOURCES[name]
    file = read(python, source.replace("TEXT", TEXT), path="a.py", selector=selector)
    assert [item.text for item in file.messages] == [TEXT]


def test_messages_in_a_text_are_messages() -> None:
    said = f'[{{"role": "system", "content": "{TEXT}"}}]'
    file = read(python, f"MESSAGES = json.loads('{said}')\n", path="a.py", selector="MESSAGES")
    assert [(item.role, item.text) for item in file.messages] == [("system", TEXT)]


@pytest.mark.parametrize("data", ["'{'", "'[' * 9", "b'\\xff'.decode()", "'[' + q"])
def test_what_is_no_data_is_none(data: str) -> None:
    source = f'PROMPT = "{TEXT}"\nDATA = json.loads({data})\n'
    file = read(python, source, path="a.py", selector="PROMPT")
    assert [item.text for item in file.messages] == [TEXT]


@pytest.mark.parametrize(
    "given", ["'utf-16-le'", "'utf-7'", "encoding='utf-7'", "*how", "'utf-8', how"]
)
def test_bytes_in_another_encoding_are_not_told(given: str) -> None:
    source = f'PROMPT = b"{TEXT}".decode({given})\n'
    with pytest.raises(MeasurementError, match="PROMPT"):
        read(python, source, path="a.py", selector="PROMPT")


def test_a_docstring_of_a_plain_function_is_no_prompt() -> None:
    source = f'PROMPT = "{TEXT}"\n\n@app.get("/x")\ndef f(q):\n    """{TEXT}"""\n    return q\n'
    with pytest.raises(Exception, match=r"there is no prompt called `f\.system`"):
        read(python, source, path="a.py", selector="f.system")
