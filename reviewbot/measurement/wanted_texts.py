"""What has to be rendered for workflows: a job for each template that no kept text stands for."""

from collections.abc import Hashable, Iterable, Mapping
from threading import Lock

from msgspec import Struct, field

from reviewbot.errors import MeasurementError, Problem
from reviewbot.measurement.calls import STATIC, Texts, are_the_same, text_key
from reviewbot.measurement.foreseen_includes import foreseen_includes
from reviewbot.measurement.latest_texts import KeptTexts
from reviewbot.measurement.marking import may_choose, texts_to_follow
from reviewbot.measurement.sample_texts import SampleTexts
from reviewbot.prompt import LoadedFile, Sample
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.scope.affected import Side
from reviewbot.tokens import NamedModel

State = tuple[Side | None, tuple[Sample, ...]]
"""What a call is made of at one revision, and the samples that it is rendered with."""


class Wanted(Struct, frozen=True, kw_only=True):
    """The jobs that are left to do by the keys of their texts, and the texts that are `known`.

    `lasting` are the keys of jobs whose texts depend on nothing else, `shared` those of texts that
    others want as well, who have the jobs.
    """

    jobs: dict[Hashable, Job] = field(default_factory=dict)
    known: Texts = field(default_factory=dict)
    lasting: set[Hashable] = field(default_factory=set)
    shared: set[Hashable] = field(default_factory=set)


class JobMaker:
    """Makes jobs for several threads; files are read, and samples written as JSON, by one of them.

    Texts that are `kept` are not wanted. Where it `counts`, tokens are asked of each text.
    """

    def __init__(self, kept: KeptTexts, *, counts: bool) -> None:
        self._kept = kept
        self._counts = counts
        self._lock = Lock()
        self._sample_texts = SampleTexts()

    def wanted(
        self,
        states: Iterable[State],
        followed: Side | None,
        pending: Mapping[Hashable, Job],
    ) -> Wanted:
        """What the templates of each state want beside the jobs that are `pending` for others.

        Those of the side that is `followed` come with the marks of what is printed, where their
        engine can tell.
        """
        found = Wanted()
        with_marks: set[Hashable] = set()
        for side, samples in _each_once(states):
            for message in side.source.messages if side else ():
                if side is None or message.template.engine is None:
                    continue
                key = text_key(side, message, samples)
                is_followed = side is followed and STATIC not in samples
                kept = self._kept.get(key)
                if kept is not None and not (is_followed and _lacks_choices(message, kept)):
                    found.known[key] = kept
                elif key in pending and (pending[key].records_choices or not is_followed):
                    found.shared.add(key)
                elif key not in found.jobs or (is_followed and key not in with_marks):
                    found.jobs[key] = self._job(side, message, samples, is_followed=is_followed)
                    if is_followed:
                        with_marks.add(key)
                    if message.complete:
                        found.lasting.add(key)
        return found

    def _job(
        self,
        side: Side,
        message: LocatedMessage,
        samples: tuple[Sample, ...],
        *,
        is_followed: bool,
    ) -> Job:
        def load(name: str, parent: str) -> LoadedFile | None:
            with self._lock:
                return side.reader.include(name, parent)

        followed = texts_to_follow(side, message) if is_followed else None
        return Job(
            engine=message.template.engine or "",
            path=message.path,
            text=message.template.text,
            first_line=message.template.line,
            is_in_lines=message.template.is_in_lines,
            variables=tuple(map(self._sample_texts.of, samples)),
            load=load,
            undefined="largest" if samples == (STATIC,) else "error",
            options=message.options,
            marked="" if followed is None else followed.text,
            marked_files={} if followed is None else followed.files,
            records_choices=is_followed and may_choose(message),
            includes=_includes(message) if message.complete else None,
            foreseen=foreseen_includes(message, load),
            counted=_encoding(side) if self._counts else "",
        )


def _each_once(states: Iterable[State]) -> list[State]:
    """The states without those that are rendered alike: most changes leave samples as they are."""
    found: list[State] = []
    for side, samples in states:
        if not any(side is it and are_the_same(samples, others) for it, others in found):
            found.append((side, samples))
    return found


def _includes(message: LocatedMessage) -> Mapping[str, str]:
    """The files beside its own that a template is made of, with the ids of their contents."""
    return {path: id_ for path, id_ in message.files.items() if path != message.path}


def _encoding(side: Side) -> str:
    """What counts the texts of a call, where it is one encoding for all of them."""
    source = side.source
    named = NamedModel(reference=source.model, encoding=side.encoding, counts_as=source.counts_as)
    try:
        model = named.resolved()
    except MeasurementError:
        return ""
    return model.encoding if model.ratios is None else ""


def _lacks_choices(message: LocatedMessage, kept: Iterable[Rendered | Problem]) -> bool:
    """Whether texts were rendered without recording what the template's expressions came to."""
    are_recorded = all(isinstance(item, Rendered) and item.choices is not None for item in kept)
    return may_choose(message) and not are_recorded
