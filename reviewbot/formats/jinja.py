import re

from reviewbot.prompts import *

NAME = "jinja"


def recognizes(path):
    return path.endswith((".j2", ".jinja", ".jinja2"))


def read(text, *, path, role):
    return PromptFile(messages=(MessageTemplate(role=role or "user", text=text, engine="jinja"),))


def references(text):
    return References(
        names=frozenset(re.findall(r'\{%-?\s*(?:include|import|extends|from)\s+"([^"]*)"', text))
    )
