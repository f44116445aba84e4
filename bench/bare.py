"""What a review cannot do without, and nothing else, in one process: render and encode.

Usage: bare.py FILE, a JSON file of templates and samples. Each template is rendered with each
sample by Jinja2 as it comes; each unique text is encoded once by tiktoken as it comes, from its own
cache.
"""

import json
import sys
from pathlib import Path

import jinja2
import tiktoken

given = json.loads(Path(sys.argv[1]).read_text())
environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
texts: set[str] = set()
for template in given["templates"]:
    compiled = environment.from_string(template)
    texts.update(compiled.render(variables) for variables in given["samples"])
encoding = tiktoken.get_encoding("o200k_base")
lengths = [len(encoding.encode_ordinary(text)) for text in texts]
print(sum(lengths))
