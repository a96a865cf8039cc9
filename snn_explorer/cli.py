"""The command line, installed as ``snn-explorer``: list, run, bench, serve, lesson.

Every command imports what it needs when it is called, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from snn_explorer.engine import LearningFault, ParameterError

if TYPE_CHECKING:
    from snn_explorer.experiments.experiment import Run

app = typer.Typer(
    name="snn-explorer",
    help="A live laboratory for how spiking networks learn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()
DEVICE_HELP = "Where to compute: cpu or cuda; by default what SNN_EXPLORER_DEVICE says, else cpu."
P = ParamSpec("P")
T = TypeVar("T")


def _plain_errors(command: Callable[P, T]) -> Callable[P, T]:
    """Show what a person can mend as one sentence, without a traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except (ParameterError, LearningFault) as error:
            Console(stderr=True).print(f"[bold red]Error:[/] {error}", highlight=False, soft_wrap=True)
            raise typer.Exit(2) from None

    return wrapped


@app.command("list")
@_plain_errors
def list_experiments() -> None:
    """List the experiments, with the paper's figure and the time each takes on this machine."""
    from snn_explorer.experiments import MODULES, load_experiment

    table = Table("name", "paper", "shows", "seeds", "learning", "on this machine")
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    _one_thread()
    with console.status("Timing a small part of each ..."):
        for name in MODULES:
            experiment = load_experiment(name)
            wall = f"about {_in_words(experiment.expected_seconds())}"
            length = "" if experiment.length is None else f"{experiment.length:g} {experiment.unit}"
            table.add_row(name, experiment.figure, experiment.title, str(experiment.seeds), length, wall)
        _add_presets(table)
    console.print(table)


@app.command()
@_plain_errors
def run(
    name: Annotated[str, typer.Argument(help="An experiment from `snn-explorer list`.")],
    values: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="A parameter; repeat for more.")] = [],  # noqa: B006
    seeds: Annotated[int | None, typer.Option(help="Networks per condition.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Learning time [s], where it is a time.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of training, where there are epochs.")] = None,
    samples: Annotated[int | None, typer.Option(help="Samples to learn from, where these are counted.")] = None,
    device: Annotated[str | None, typer.Option(help=DEVICE_HELP)] = None,
    backend: Annotated[str, typer.Option(help="auto, or a backend of the kernels, for example reference.")] = "auto",
    data: Annotated[Path | None, typer.Option(help="Folder with data files.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/NAME by default.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the results' folder.")] = False,
) -> None:
    """Run an experiment and write result.nc, figure.png and .svg, summary.json and a checkpoint."""
    from snn_explorer.experiments import load_experiment
    from snn_explorer.experiments.experiment import Settings, chosen_length
    from snn_explorer.experiments.results import write_results

    _one_thread()
    experiment = load_experiment(name)
    settings = Settings(
        seeds=experiment.seeds if seeds is None else seeds,
        length=chosen_length(experiment, seconds, epochs, samples),
        values=_pairs(values),
        data=data,
        backend=backend,
        device=device,
    )
    folder = Path("runs") / name if out is None else out
    started = experiment.start(settings)
    checkpoint = folder / "checkpoint.pt"
    if resume:
        started.resume(checkpoint)
    try:
        _with_progress(started, checkpoint)
    except KeyboardInterrupt:
        console.print(f"Interrupted; add --resume to the same command to go on from {checkpoint}.", soft_wrap=True)
        raise typer.Exit(130) from None
    command = shlex.join(["snn-explorer", *sys.argv[1:]])
    summary = write_results(started, folder, command)
    _print_summary(summary, started.headlines, folder)


@app.command()
@_plain_errors
def bench(
    what: Annotated[str, typer.Argument(help="superspike, bats or live.")] = "superspike",
    device: Annotated[str, typer.Option(help="cpu, or cuda: a GPU against the processor.")] = "cpu",
    out: Annotated[Path | None, typer.Option(help="Also write the figures to this JSON file.")] = None,
) -> None:
    """Measure speed on this machine, as ratios to a rival that does the same work in the same run."""
    from snn_explorer.benchmarks import load_benchmark_suite
    from snn_explorer.devices import choose_device
    from snn_explorer.experiments.files import write_atomically

    _one_thread()
    figures = load_benchmark_suite(what, choose_device(device))(console)
    if out is not None:
        text = json.dumps(figures, indent=2) + "\n"
        write_atomically(out, lambda path: path.write_text(text))


@app.command()
@_plain_errors
def serve(
    port: Annotated[int, typer.Option(help="Port.", min=0, max=65535)] = 5006,
    max_sessions: Annotated[int, typer.Option(help="Open pages at most.", min=1)] = 30,
    show: Annotated[bool, typer.Option(help="Open a browser.")] = False,
    device: Annotated[str | None, typer.Option(help=DEVICE_HELP)] = None,
    host: Annotated[str | None, typer.Option(help="Name or address by which other machines reach this one.")] = None,
) -> None:
    """Serve the page, to this machine alone or under the name of --host to others."""
    from snn_explorer.devices import VARIABLE, choose_device
    from snn_explorer.views.server import serve as serve_page

    # every page makes networks of its own, and asks there
    os.environ[VARIABLE] = str(choose_device(device))
    serve_page(port=port, max_sessions=max_sessions, show=show, host=host)


lesson_app = typer.Typer(help="Lessons: guided walks through the papers, in Markdown.", no_args_is_help=True)
app.add_typer(lesson_app, name="lesson")


@lesson_app.command("check")
@_plain_errors
def check_lessons(files: Annotated[list[Path], typer.Argument(help="Lessons, NN-slug.md.")]) -> None:
    """Play lessons without a page: every step begins, every task needs and has its solution, every claim is true."""
    from snn_explorer.lessons import LessonError, play, read_lesson

    _one_thread()
    faults = 0
    for file in files:
        if file.name == "README.md":
            continue
        try:
            found = list(play(read_lesson(file)))
        except LessonError as fault:
            console.print(f"[bold red]wrong[/]  {escape(str(fault))}", highlight=False, soft_wrap=True)
            faults += 1
            continue
        for finding in found:
            mark = "[green]right[/]" if finding.right else "[bold red]wrong[/]"
            said = escape(f"{finding.place}: {finding.said}")
            console.print(f"{mark}  {said}", highlight=False, soft_wrap=True)
        faults += sum(not finding.right for finding in found)
    console.print(f"{faults} of these are wrong." if faults else "Everything is right.")
    raise typer.Exit(1 if faults else 0)


def _add_presets(table: Table) -> None:
    """One row for the presets of each page, which are many and alike; one of them is timed."""
    from snn_explorer.experiments.preset_runs import preset_experiment
    from snn_explorer.presets import DEFAULT_PRESET, PREFIX, available_presets

    presets = available_presets()
    for timed in (DEFAULT_PRESET, "bats-digits"):
        experiment = preset_experiment(timed)
        keys = [key for key, preset in presets.items() if preset.system == presets[timed].system]
        title = f"The learning curve of the page; KEY is one of its presets, {', '.join(keys)}"
        wall = f"{timed}: about {_in_words(experiment.expected_seconds())}"
        length = f"{experiment.length:g} {experiment.unit}"
        table.add_row(f"{PREFIX}KEY", "", title, str(experiment.seeds), length, wall)


def _one_thread() -> None:
    """Keep torch to one thread: its small elementwise operations only lose by waking a second."""
    import torch

    torch.set_num_threads(1)


def _pairs(texts: list[str]) -> dict[str, Any]:
    """KEY=VALUE texts as a dict of texts."""
    for text in texts:
        if "=" not in text:
            raise ParameterError(f"--set is {text!r}; it must be KEY=VALUE, for example --set n_hidden=8.")
    return dict(text.split("=", 1) for text in texts)


def _in_words(seconds: float) -> str:
    """A length of time to two digits, in seconds or minutes."""
    return f"{float(f'{seconds:.2g}'):g} s" if seconds < 100 else f"{float(f'{seconds / 60:.2g}'):g} min"


def _with_progress(started: Run, checkpoint: Path) -> None:
    """Run with a bar, the cost or accuracy of the moment and the time left."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[now]}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(started.experiment.name, total=1.0, now="")
        started.run(lambda share, now: bar.update(task, completed=share, now=now), checkpoint)


def _print_summary(summary: dict[str, Any], headlines: Sequence[str], folder: Path) -> None:
    """The metrics that matter most; all are in the summary file."""
    conditions: dict[str, dict[str, float]] = summary["conditions"]
    metrics = [name for name in headlines if any(name in values for values in conditions.values())]
    table = Table("condition", *(metric.replace("_", " ") for metric in metrics))
    table.columns[0].no_wrap = True
    for name, values in conditions.items():
        table.add_row(name, *("" if metric not in values else f"{values[metric]:.4g}" for metric in metrics))
    console.print(table)
    console.print(f"{summary['seconds_wall']:.1f} s on the {summary['device']}; results in {folder}", soft_wrap=True)


if __name__ == "__main__":
    app()
