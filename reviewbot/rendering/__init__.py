"""Templates are rendered in a process of their own, with limits on everything they can take."""

from reviewbot.rendering.limits import Limits
from reviewbot.rendering.process import Job, Rendered, RenderingProcess

__all__ = ["Job", "Limits", "Rendered", "RenderingProcess"]
