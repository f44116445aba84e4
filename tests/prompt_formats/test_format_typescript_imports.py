"""Names that TypeScript and JavaScript import from the repository stand for what node makes of them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from reviewbot.errors import MeasurementError
from tests.support.importing import read, text

FILES: dict[str, str | None] = {
    "src/words.mjs": "export const KIND = 'kind'; export const OWN = 'own';\n"
    "export { RULES as AROUND } from './rules.mjs';",
    "src/star/index.mjs": "export const STAR = 'star';",
    "src/rules.mjs": "import { KIND } from './words.mjs';\n"
    "export const RULES = `Be ${KIND}.`, LINES = ['first', KIND];\n"
    "export default { system: 'You help.', rules: RULES };\n"
    "let built = 'x'; built += 'y'; export { built as made };\n"
    "export { OWN as HANDED_ON } from './words.mjs'; export * from './star/index.mjs';\n"
    "export * as words from './words.mjs'; import { OWN } from './words.mjs'; export { OWN };\n"
    "export const TEXTS = { ask: { short: RULES + ' Ask.' } }; export class C { static S = 's'; }",
    "src/one.mjs": "export default `alone`;",
    "src/main.mjs": """\
import texts, { RULES, LINES as L, made, HANDED_ON, STAR, words, OWN, TEXTS } from './rules.mjs';
import * as all from './rules.mjs';
import alone from './one.mjs';
export const FROM = `${RULES}!`;
export const SPACE = all.RULES + 'm' + all.made;
export const JOINED = L.join('-');
export const DEFAULT = texts.system + texts.rules + alone;
export const BUILT = made + 'z';
export const TAKEN = HANDED_ON + STAR + words.KIND + OWN;
export const DEEP = TEXTS.ask.short + '.';
export const FROM_AROUND = words.AROUND + 'r';
""",
}
NAMES = {
    "FROM": "Be kind.!",
    "SPACE": "Be kind.mxy",
    "JOINED": "first-kind",
    "DEFAULT": "You help.Be kind.alone",
    "BUILT": "xyz",
    "TAKEN": "ownstarkindown",
    "DEEP": "Be kind. Ask..",
    "FROM_AROUND": "Be kind.r",
}


@pytest.mark.parametrize("name", NAMES)
def test_an_imported_text_is_what_node_makes_of_it(name: str) -> None:
    assert text(FILES, "src/main.mjs", name) == NAMES[name]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_what_is_kept_is_what_node_says(tmp_path: Path) -> None:
    for path, source in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(source or "")
    program = "import * as m from './src/main.mjs'; process.stdout.write(JSON.stringify({...m}));"
    done = subprocess.run(
        [shutil.which("node") or "", "--input-type=module", "-"],
        input=program.encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    found = json.loads(done.stdout)
    assert {name: found[name] for name in NAMES} == NAMES


def test_typescript_finds_files_as_its_compiler_does() -> None:
    files: dict[str, str | None] = {
        "tsconfig.json": '{ // where names lead\n  "extends": "./base.json", }',
        "base.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./src/*"],'
        ' "texts": ["./src/texts.ts"]}}}',
        "src/rules.ts": "export const RULES = 'rules' as const;",
        "src/rules.js": "export const RULES = 'made from it';",
        "src/texts.ts": "export enum Texts { System = 'system' }",
        "src/deep/index.tsx": "export const DEEP = 'deep';",
        "src/app/p.ts": "import { RULES } from '../rules.js';\nimport { RULES as R } from '@/rules';\n"
        "import { Texts } from 'texts';\nimport { DEEP } from 'src/deep';\n"
        "import { Z } from 'zod';\nconst P = RULES + R + Texts.System + DEEP;\nconst Q = `${Z}!`;",
    }
    prompt = read(files, "src/app/p.ts", "P")
    assert prompt.file.messages[0].text == "rulesrulessystemdeep"
    assert set(prompt.beside) == {
        *("tsconfig.json", "base.json", "src/rules.ts", "src/texts.ts", "src/deep/index.tsx")
    }
    assert "hole" in text(files, "src/app/p.ts", "Q")


@pytest.mark.parametrize(
    "settings",
    [
        '{"compilerOptions": {"paths": {"@/*": ["../../outside/*"]}}}',
        '{"extends": "./tsconfig.json"}',
        '{"extends": "@acme/base"}',
        "[1, 2]",
        "",
        '{"compilerOptions": {"paths": "@"}}',
    ],
)
def test_settings_that_lead_nowhere_leave_a_variable(settings: str) -> None:
    files: dict[str, str | None] = {
        "tsconfig.json": settings,
        "p.ts": "import { RULES } from '@/rules';\nconst P = `${RULES}!`;",
    }
    assert "hole" in text(files, "p.ts", "P")


def test_messages_of_another_file_stand_in_the_line_that_names_them() -> None:
    files: dict[str, str | None] = {
        "chat.ts": "\n\n\nexport const SAID = [{ role: 'system', content: `Be ${how}.` }];",
        "p.ts": "import { SAID } from './chat';\n"
        "const ask = create({ model: 'gpt-4o',\n messages: SAID });\n"
        "const more = [...SAID,\n { role: 'user', content: 'x' }];",
    }
    (message,) = read(files, "p.ts", "ask.messages").file.messages
    assert (message.role, message.line) == ("system", 3)
    messages = read(files, "p.ts", "more").file.messages
    assert [(item.role, item.line) for item in messages] == [("system", 4), ("user", 5)]


def refusal(files: dict[str, str | None], name: str = "P") -> str:
    with pytest.raises(MeasurementError) as raised:
        read(files, "p.ts", name)
    return str(raised.value.problems[0])


def test_a_file_that_cannot_be_read_refuses_what_needs_it_and_nothing_else() -> None:
    files: dict[str, str | None] = {
        "linked.ts": None,
        "further.ts": "import { RULES } from './linked'; export const TEXT = RULES + '.';",
        "p.ts": "import { RULES } from './linked'; import { TEXT } from './further';\n"
        "const P = `${RULES}!`, Q = TEXT + '!', R = 'fine';",
    }
    assert "symbolic link" in refusal(files)
    assert "./linked" in refusal(files, "Q")
    assert text(files, "p.ts", "R") == "fine"


def test_chains_and_circles_of_files_are_bounded() -> None:
    chain: dict[str, str | None] = {
        f"m{n}.ts": f"import {{ V }} from './m{n + 1}'; export const W = V; export {{ W as V }};"
        for n in range(40)
    }
    chain |= {"m40.ts": "export const V = 'far';"}
    chain["p.ts"] = "import { V } from './m0'; const P = V + '.';"
    assert "more than 20 files" in refusal(chain)
    circle: dict[str, str | None] = {
        "a.ts": "export * from './b'; import { B } from './b'; export const A = B + 'a';",
        "b.ts": "export * from './a'; import { A } from './a'; export const B = A + 'b';",
        "p.ts": "import { A, NONE } from './a'; const P = A + 'p', Q = NONE + 'q';",
    }
    assert "hole" in text(circle, "p.ts", "P")
    assert "hole" in text(circle, "p.ts", "Q")
