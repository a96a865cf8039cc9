"""Reading, checking and playing lessons; the lessons themselves are Markdown, in ``/lessons``."""

from snn_explorer.lessons.blocks import LessonError, Place
from snn_explorer.lessons.lesson import Lesson, Step
from snn_explorer.lessons.playing import Finding, play
from snn_explorer.lessons.reading import read_lesson, read_lessons

__all__ = ["Finding", "Lesson", "LessonError", "Place", "Step", "play", "read_lesson", "read_lessons"]
