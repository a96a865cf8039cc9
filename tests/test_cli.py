"""The command line: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from snn_explorer.cli import app
from snn_explorer.devices import CPU, choose_device
from snn_explorer.experiments import MODULES
from snn_explorer.experiments.ensemble import Ensemble

RUNNER = CliRunner()


def test_list_names_every_experiment_with_its_time() -> None:
    result = RUNNER.invoke(app, ["list"])
    assert result.exit_code == 0
    assert all(name in result.output for name in [*MODULES, "preset-KEY"])
    assert result.output.count("about") == len(MODULES) + 2


def test_run_writes_its_files_and_the_summary_says_how(tmp_path: Path) -> None:
    arguments = ["run", "superspike-fig2", "--seeds", "2", "--seconds", "1", "--set", "burn_in=0"]
    result = RUNNER.invoke(app, [*arguments, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["experiment"] == "superspike-fig2"
    assert set(summary["conditions"]["no hidden layer"]) >= {"cost_median", "cost_mean", "cost_sd", "solved"}
    assert (tmp_path / "figure.svg").read_text().lstrip().startswith("<?xml")
    again = RUNNER.invoke(app, [*arguments[:4], "--seconds", "2", *arguments[6:], "--out", str(tmp_path), "--resume"])
    assert again.exit_code == 0, again.output


def test_a_training_writes_its_files_and_goes_on_for_more_epochs(tmp_path: Path) -> None:
    arguments = ["run", "bats-digits", "--seeds", "2", "--set", "hidden=16", "--set", "batch_size=200"]
    arguments += ["--out", str(tmp_path)]
    result = RUNNER.invoke(app, [*arguments, "--epochs", "2"])
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "checkpoint.pt",
        "figure.png",
        "figure.svg",
        "result.nc",
        "summary.json",
        "weights.safetensors",
    }
    (metrics,) = json.loads((tmp_path / "summary.json").read_text())["conditions"].values()
    assert metrics["networks"] == 2
    assert set(metrics) >= {"accuracy", "accuracy_sd", "spikes_per_sample", "active_share", "samples_per_second"}
    again = RUNNER.invoke(app, [*arguments, "--epochs", "3", "--resume"])
    assert again.exit_code == 0, again.output
    back = RUNNER.invoke(app, [*arguments, "--epochs", "1", "--resume"])
    assert back.exit_code == 2
    assert "already holds 3 epochs of learning; ask for more than 1." in " ".join(back.output.split())


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    arguments = [
        "run",
        "superspike-fig2",
        "--seeds",
        "1",
        "--seconds",
        "2",
        "--set",
        "burn_in=0",
        "--out",
        str(tmp_path),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(Ensemble, "advance", interrupt)
        result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 130
    assert "add --resume to the same command" in " ".join(result.output.split())
    result = RUNNER.invoke(app, [*arguments, "--resume"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "summary.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["run", "superspike-fig9"],
            "There is no experiment 'superspike-fig9'; there are: superspike-fig1, ",
        ),
        (["run", "preset-fig9"], "There is no preset 'fig9' here; there are: fig1, fig2, fig4"),
        (["run", "preset-own", "--set", "outputs=ten"], "The number of outputs is 'ten'; it must be a whole number"),
        (["run", "preset-fig4", "--set", "word=HI"], "There is no parameter 'word'; there are: "),
        (
            ["run", "preset-fig4", "--samples", "100"],
            "--samples is 100; preset-fig4 has its length in s, so allowed is --seconds.",
        ),
        (
            ["run", "preset-bats-digits", "--epochs", "2"],
            "preset-bats-digits has its length in samples, so allowed is --samples.",
        ),
        (
            ["run", "preset-bats-digits", "--samples", "0"],
            "The number of samples is 0; it must be a whole number of at least 1",
        ),
        (["run", "preset-bats-digits", "--set", "n_max=0,30"], "(n_max)"),
        (["run", "preset-bats-digits", "--set", "surrogate=x"], "There is no parameter 'surrogate'; there are: hidden"),
        (["run", "preset-bats-fig3", "--set", "hidden=4"], "it must hold 2 numbers, one for each hidden layer and one"),
        (["run", "preset-bats-digits", "--data", "."], "presets take the one that SNN_EXPLORER_DATA names"),
        (["run", "superspike-fig2", "--set", "rho"], "it must be KEY=VALUE"),
        (
            ["run", "superspike-fig2", "--set", "rho=much"],
            "(rho) is 'much', which is not a number; allowed is a number",
        ),
        (["run", "superspike-fig2", "--set", "rho=-1"], "(rho) is '-1'; allowed is a number from 0 to 1000"),
        (["run", "superspike-fig2", "--set", "rho=nan"], "(rho) is 'nan'; allowed is a number from 0 to 1000"),
        (["run", "superspike-fig2", "--set", "n_hidden=2.5"], "(n_hidden) is '2.5'; allowed is a whole number"),
        (["run", "superspike-fig2", "--set", "colour=red"], "There is no parameter 'colour'; there are: "),
        (["run", "superspike-fig2", "--set", "feedback=some"], "allowed are: symmetric, random, uniform"),
        (["run", "superspike-fig2", "--seeds", "0"], "The number of seeds is 0; it must be a whole number"),
        (
            ["run", "superspike-fig2", "--seconds", "-3"],
            "The learning time is -3.0; it must be a finite number above 0",
        ),
        (
            ["run", "superspike-fig2", "--epochs", "3"],
            "--epochs is 3; superspike-fig2 has its length in s",
        ),
        (
            ["run", "bats-digits", "--seconds", "3"],
            "bats-digits has its length in epochs, so allowed is --epochs.",
        ),
        (["run", "bats-digits", "--epochs", "0"], "The number of epochs is 0; it must be a whole number of at least 1"),
        (["run", "bats-digits", "--set", "surrogate=x"], "There is no parameter 'surrogate'; there are: hidden, "),
        (["run", "bats-digits", "--set", "n_max=0,30"], "(n_max)"),
        (
            ["run", "bats-digits", "--set", "hidden=8,8"],
            "it must hold 3 numbers, one for each hidden",
        ),
        (["run", "bats-digits", "--backend", "cuda"], "The backend is 'cuda'; allowed are: auto, reference"),
        (["run", "superspike-fig2", "--device", "tpu"], "The device is 'tpu'; allowed are: cpu, cuda"),
        (["run", "superspike-fig2", "--device", "cuda:99"], "The device is 'cuda:99', and torch "),
        (["run", "superspike-fig2", "--backend", "cuda"], "The backend is 'cuda'; allowed are: auto, reference"),
        (["run", "superspike-fig2", "--data", "nowhere"], "The data folder 'nowhere' does not exist"),
        (["bench", "everything"], "There is no benchmark 'everything' on cpu; there are: superspike, "),
        (["bench", "bats", "--device", "gpu"], "The device is 'gpu'; allowed are: cpu, cuda, cuda:0"),
    ],
)
def test_bad_input_gets_one_plain_sentence(arguments: list[str], message: str) -> None:
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_device_that_is_not_there_keeps_the_page_from_being_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNN_EXPLORER_DEVICE", "cuda:99")
    result = RUNNER.invoke(app, ["serve"])
    assert result.exit_code == 2
    assert "SNN_EXPLORER_DEVICE is 'cuda:99', and torch" in " ".join(result.output.split())
    served = []
    monkeypatch.setattr("snn_explorer.views.server.serve", lambda **settings: served.append(choose_device()))
    assert RUNNER.invoke(app, ["serve", "--device", "cpu"]).exit_code == 0
    assert served == [CPU]
