"""Sources in JavaScript, and what node makes of them: kept as data, so that no test needs node.

`python -m tests.support.node_results` evaluates them anew; a test does so too where node is there.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support import places

FILE = places.REFERENCES / "typescript.json"
GIVEN: Mapping[str, Any] = {
    "name": "Ann",
    "n": 7,
    "pi": 3.14159,
    "big": 1e21,
    "yes": True,
    "no": False,
    "nothing": None,
    "empty": "",
    "user": {"name": "Bob", "tags": ["x", "y"], "age": 41},
    "items": ["a", None, 3, ["b", "c"]],
}
"""What the variables are that only the running program knows."""

SOURCES = (
    "const P = `plain`;",
    "const P = 'it\\'s \\x41 \\u0042 \\u{1F600} \\ud83d\\ude00 \\q \\0 \\\\ \\v';",
    'const P = "a \\\nb";',
    "const P = `line\r\nof Windows\rand Mac`;",
    "const P = `\\`\\${name}\\` ${name} $ {name} $${name}`;",
    "const P = `é 漢 \\é \\漢`;",
    "const P = `  x  `.trim() + `  y `.trimStart() + ` z  `.trimEnd() + '|';",
    "const P = `\\ufeff\\u00a0 x\\u2028`.trim();",
    "const P = 'a' + 'b' + ('c' + `d`);",
    "const P = 1 + 2 + 'a' + 1 + 2;",
    "const P = n + n + ' items ' + n + n;",
    "const P = `${n} ${pi} ${big} ${yes} ${no} ${nothing} ${empty} ${undefined} ${null} ${5} ${1.50}`;",
    "const P = `${items} ${user.tags} ${user.name} ${user['age']} ${user?.tags[1]} ${user.tags.length}`;",
    "const A = `x ${name}`; const B = A + 'y'; const P = `${B}${A}`;",
    "const O = { a: 'one', 'b c': { d: `two ${name}` } }; const P = O.a + O['b c'].d;",
    "const P = ['a', `b ${name}`, 'c'].join('\\n');",
    "const P = ['a', 'b'].join();",
    "const P = ['a', yes && 'b', no && 'c', nothing, undefined, ''].filter(Boolean).join('-');",
    "const P = ['a', nothing, undefined, 'b'].join('-');",
    "const P = ['a', ...(yes ? ['b', 'c'] : []), ...(no ? ['d'] : ['e'])].join('+');",
    "const parts = ['a']; parts.push('b', `c ${name}`); if (yes) { parts.push('d'); } else parts.push('e'); const P = parts.join(' ');",
    "const P = `${yes ? 'long' : 'short'} ${no ? 'a' : `b ${name}`} ${!yes ? 'c' : 'd'}`;",
    "const P = `${empty || 'default'} ${name || 'none'} ${nothing ?? 'null'} ${yes && 'shown'} ${no && 'hidden'} ${empty && 'x'}`;",
    "let P = 'a'; P += 'b'; P += `c ${name}`;",
    "let P = 'a'; if (yes) { P += 'b'; } else { P += 'c'; } P += 'd';",
    "let P = 'a'; if (no) P += 'b'; else if (yes) { P += 'c'; if (no) { P += 'd'; } } P = P + 'e'; P = `${P}f`;",
    "let P; if (no) { P = 'a'; } else { P = `b ${name}`; }",
    "let P = 'first'; const Q = P + '!'; P = 'second'; P += Q;",
    "const P = String.raw`a\\n${name}\\``;",
    "const P = 'Use {context}. {context}'.replace('{context}', name);",
    "const P = 'Use {context}. {context}'.replaceAll('{context}', name);",
    "const P = 'a'.concat('b', name, 1);",
    "function rules() { return `- ${name}`; } const more = () => 'z'; const P = `${rules()}${more()}`;",
    "class C { static A = 'x'; static B = `${C.A}y`; } const P = C.B;",
    "const f = function () { const head = 'h'; return `${head} ${name}`; }; const P = f();",
    "const A = 'outer'; function f() { const A = 'inner'; return `${A}`; } const P = f() + A;",
    "var P = 'v'; var Q = 1;",
    "const { a } = { a: 'taken' }; const P = `x ${'y'}`;",
    "const P = /* why */ `a` /* b */ + // c\n 'd';",
    "const T = { list: ['p', 'q'] }; const P = `${T.list[1]} ${T.list[0]}`;",
    "const P = `${`nested ${`deep ${name}`}`}`;",
    "const P = String(n) + String(yes);",
    "const P = `a${1_000}b${-1}c`;",
)
DEDENT_SOURCES = (
    "import dedent from 'dedent';\nconst P = dedent`\n    a ${name}\n      b\\n\n    c \\${x} \\`d\\`\n  `;",
    "import dedent from 'dedent';\nconst P = dedent`first\n      second ${n}\n        third\\\n      fourth`;",
    "import dedent from 'dedent';\nconst P = dedent(`\n      one\n        two\n    `);",
    "import dedent from 'dedent';\nconst P = dedent`\n\ttab ${name}\n\t\ttwo \\u{1F600} \\x41\n`;",
)
"""They need the npm package `dedent` (1.7.2), so their results are only kept."""


def evaluated(sources: Sequence[str], *, folder: str | None = None) -> dict[str, str]:
    """What node makes of the name `P` in each source, in one process."""
    given = "".join(f"const {key} = {json.dumps(value)};\n" for key, value in GIVEN.items())
    split = [("", item) if item[:6] != "import" else item.split("\n", 1) for item in sources]
    heads = "\n".join(dict.fromkeys(head for head, _ in split))
    results = ",\n".join(f"(() => {{\n{given}{{\n{body}\nreturn P;\n}}}})()" for _, body in split)
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, "--input-type=module", "-"],
        input=f"{heads}\nprocess.stdout.write(JSON.stringify([{results}]));".encode(),
        capture_output=True,
        check=True,
        cwd=folder,
    )
    return dict(zip(sources, json.loads(done.stdout), strict=True))


def known() -> dict[str, str]:
    """The results that are kept, by their sources."""
    found: dict[str, str] = json.loads(FILE.read_text("utf-8"))
    return found


def main() -> None:
    """Evaluate all sources and keep what they give; run it where `dedent` is installed."""
    found = evaluated((*SOURCES, *DEDENT_SOURCES), folder=".")
    FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
