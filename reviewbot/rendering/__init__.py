"""Templates are rendered in a process of their own, with limits on everything they can take."""

from reviewbot.rendering.process import Job, Rendered, RenderingProcess
from reviewbot.rendering.resource_limits import Limits

__all__ = ["Job", "Limits", "Rendered", "RenderingProcess"]
