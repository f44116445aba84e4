"""The names that a file hands out and another one defines: `export { getWeather } from "./a"`."""

from reviewbot.rendering.parsers.typescript_source.modules import Module, Modules

_MOST = 500
_DEEPEST = 10


def taken_names(module: Module, modules: Modules) -> dict[str, list[str]]:
    """By each name that is handed out the path of the file that defines it, and its name there."""
    found: dict[str, list[str]] = {}
    for name in list(_handed_out(module, modules))[:_MOST]:
        place = modules.defined_at(module, (name,))
        if place is not None and place[0].path != module.path:
            found[name] = [place[0].path, ".".join(place[1])]
    return found


def _handed_out(module: Module, modules: Modules) -> dict[str, None]:
    """The names of a file's exports, with those of the modules that it hands out as a whole."""
    names: dict[str, None] = {}
    waiting, seen = [(module, 0)], {module.path}
    for one, depth in waiting:
        own = [*one.exports.own, *one.exports.taken]
        names |= dict.fromkeys(own if one is module else (it for it in own if it != "default"))
        for name in one.exports.stars if depth < _DEEPEST else ():
            further = modules.find(name, one.path)
            if further is not None and further.path not in seen:
                seen.add(further.path)
                waiting.append((further, depth + 1))
    return names
