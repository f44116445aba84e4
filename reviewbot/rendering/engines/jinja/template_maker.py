"""Makes Jinja2 templates: of skeletons that they share with others, or compiled by themselves.

Runs in the rendering process only.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from reviewbot.rendering.engines.jinja.shared_code import Filling, LocatedTemplate, Own, Skeletons
from reviewbot.rendering.recorded_choices import RECORD

_FILES_KEPT = 32
_MOST_CHARACTERS_KEPT = 50_000
"""Of the latest files that templates include; longer ones are read anew each time."""

MakesTemplate = Callable[[MutableMapping[str, Any]], Template]
"""Makes a template, given the values that all templates have."""


class Made(NamedTuple):
    """A template that was read: its tree, what of it is its own, and what makes it."""

    tree: Any
    own: Own
    template: Callable[[], Template]


class SandboxedTemplate(LocatedTemplate):
    """A template whose text can be had piece by piece."""

    def pieces(self, variables: Mapping[str, Any]) -> Iterator[Any]:
        """What the template yields; errors are located as those of `render` are."""
        try:
            yield from self.root_render_func(self.new_context(dict(variables)))
        except Exception:  # noqa: BLE001 - it is raised again
            self.environment.handle_exception()


class TemplateMaker(SandboxedEnvironment):
    """An environment whose templates share code where they can."""

    template_class = SandboxedTemplate
    shares_code = True
    """Whether templates may be made of skeletons, which `parse` and `compile` never see."""

    is_largest = False

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._skeletons = Skeletons(self)
        self._found = lru_cache(maxsize=_FILES_KEPT)(self._found_now)
        self._parsed = lru_cache(maxsize=_FILES_KEPT)(self._parse_now)

    def made(self, source: str, name: str, path: str) -> Made:
        """A template that was read; it is compiled when it is made."""
        values = self.make_globals(None)
        found = self._skeletons.find(source) if self._may_share else None
        if found is None:
            tree = self.parse(source, name, path)
            return Made(tree, Own(), lambda: self._compiled(tree, name, path)(values))
        skeleton, own = found
        filling = Filling(skeleton, own, skeleton.texts(self, own))
        return Made(skeleton.tree, own, lambda: self._filled(filling, name, path)(values))

    def to_include(self, source: str, name: str, path: str) -> MakesTemplate:
        """What makes a template that another one includes, as often as that is rendered."""
        found = self._found(source) if self._may_share and _is_short(source) else None
        return self._filled(found, name, path) if found else self._compiled(source, name, path)

    def parsed(self, source: str, name: str, path: str) -> Any:
        """The tree of a template that others include; nobody may change it."""
        parse = self._parsed if _is_short(source) else self.parse
        return parse(source, name, path)

    @property
    def _may_share(self) -> bool:
        """The largest reading depends on the lengths of texts, and numbers run on in a record."""
        return self.shares_code and not self.is_largest and RECORD.is_empty

    def _compiled(self, source: Any, name: str, path: str) -> MakesTemplate:
        code = self.compile(source, name=name, filename=path)
        return lambda values: SandboxedTemplate.from_code(self, code, values, None)

    def _found_now(self, source: str) -> Filling | None:
        found = self._skeletons.find(source)
        return None if found is None else Filling(*found, found[0].texts(self, found[1]))

    def _filled(self, filling: Filling, name: str, path: str) -> MakesTemplate:
        skeleton, own, texts = filling
        skeleton.record(own, path)

        def template(values: MutableMapping[str, Any]) -> Template:
            namespace = skeleton.namespace(self, texts, name, path)
            exec(skeleton.code, namespace)  # noqa: S102 - as Jinja2 itself does
            made = SandboxedTemplate.from_module_dict(self, namespace, values)
            made.lines = own.lines  # type: ignore[attr-defined]
            return made

        return template

    def _parse_now(self, source: str, name: str, path: str) -> Any:
        return self.parse(source, name, path)


def _is_short(source: str) -> bool:
    return len(source) <= _MOST_CHARACTERS_KEPT
