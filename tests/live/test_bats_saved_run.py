"""A run of BATS in a file goes on to the same bits, and no file does harm: what cannot be is named and refused."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.live import Run
from snn_explorer.live.latency import N_TIMES
from snn_explorer.live.saved_run import load_run, save_run
from tests.bats.tiny import network
from tests.live.broken import places, put

KINDS: dict[str, dict[str, Any]] = {
    "adam": {},
    "sgd": {"optimiser": "sgd", "learning_rate": 0.1},
    "no hidden layer": {"hidden": (), "n_max": (8,), "theta": (0.06,)},
    "two hidden layers": {"hidden": (8, 6), "n_max": (6, 6, 8), "theta": (0.03, 0.03, 0.06)},
    "first spike, random feedback": {"loss": "first_spike", "feedback": "random"},
    "nothing held out": {"validation": 0.0},
}


@pytest.mark.parametrize("n_batches", [0, 5, 6, 13])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_in_a_file_goes_on_to_the_same_bits(tiny, advance, kind: str, n_batches: int) -> None:
    """Before its first batch, within an epoch, at its end, and in the third."""
    run, resumed = tiny(**KINDS[kind]), tiny(seed=9)
    advance(run, n_batches)
    content = save_run(run)
    resumed.load_state_dict(load_run(content)[1])
    assert save_run(resumed) == content
    for each in (run, resumed):
        advance(each, 8)
    assert save_run(resumed) == save_run(run)


@pytest.fixture
def refused(tiny: Callable[..., Run], advance: Callable[[Run, int], None]) -> Callable[..., str]:
    """Why a saved run of seven batches, the first epoch's six among them, is refused after a change of its state."""
    run, other = tiny(), tiny(seed=2)
    advance(run, 7)
    advance(other, 2)
    state = load_run(save_run(run))[1]
    before = save_run(other)
    other.load_state_dict(copy.deepcopy(state))
    other.load_state_dict(load_run(before)[1])

    def why(change: Callable[[Any], None]) -> str:
        broken = copy.deepcopy(state)
        change(broken)
        with pytest.raises(ParameterError) as caught:
            other.load_state_dict(broken)
        assert save_run(other) == before
        return str(caught.value)

    return why


def in_place(place: tuple[int, ...], value: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """One number of a tensor replaced."""

    def change(tensor: torch.Tensor) -> torch.Tensor:
        tensor = tensor.clone()
        tensor[place] = value
        return tensor

    return change


def point(place: int, time: float | None = None, value: float | None = None) -> Callable[[list[Any]], list[Any]]:
    """Time or value of one of the points kept replaced."""

    def change(points: list[Any]) -> list[Any]:
        old = points[place]
        return [*points[:place], [old[0] if time is None else time, old[1] if value is None else value],
                *points[place + 1 :]]  # fmt: skip

    return change


def without(place: Any) -> Callable[[Any], Any]:
    """A mapping without one of its keys, or a list without one of its items."""

    def change(whole: Any) -> Any:
        if isinstance(whole, dict):
            return {key: part for key, part in whole.items() if key != place}
        return [item for k, item in enumerate(whole) if k != place]

    return change


NETWORK = ("learner", "network")
WEIGHTS = (*NETWORK, "weights")
ADAM = (*NETWORK, "optimiser")
SUMS = (*NETWORK, "sums")
MEANS = ("learner", "means")
ACCURACY = ("learner", "curves", "accuracy")
HELD_OUT = ("learner", "curves", "held_out")
LATENCY = ("learner", "latency")

BROKEN = [
    # weights
    (put(*WEIGHTS, "0", lambda w: w.T), r"hidden weights must be torch.float32 of shape \(6, 8\), not .* \(8, 6\)"),
    (put(*WEIGHTS, "1", lambda w: w[:, :1]), r"output weights must be .* \(8, 2\), not .* of shape \(8, 1\)"),
    (put(*WEIGHTS, "0", lambda w: w.double()), r"hidden weights must be torch.float32 .*, not torch.float64"),
    (put(*WEIGHTS, "0", in_place((5, 7), math.nan)), "hidden weights must hold finite numbers only, not nan"),
    (put(*WEIGHTS, "1", in_place((0, 0), -math.inf)), "output weights must hold finite numbers only, not -inf"),
    (put(*WEIGHTS, "1", [[0.0, 0.0]] * 8), r"output weights must be .*, not \[\[0.0, 0.0\]"),
    (put(*NETWORK, "weights", without("1")), "the list of weights has no 1; it must have the parts 0, 1"),
    (put(*WEIGHTS, "2", torch.zeros(2, 2)), "the list of weights has 2; allowed are only the parts 0, 1"),
    # Adam
    (put(*ADAM, 0, "exp_avg", lambda m: m[:1]), r"hidden exp_avg must be .* \(6, 8\), not .* \(1, 8\)"),
    (put(*ADAM, 1, "exp_avg", lambda m: m.half()), "output exp_avg must be torch.float32 .*, not torch.float16"),
    (put(*ADAM, 1, "exp_avg", in_place((3, 1), math.inf)), "output exp_avg must hold finite numbers only, not inf"),
    (put(*ADAM, 0, "exp_avg_sq", in_place((0, 0), math.nan)), "hidden exp_avg_sq must hold finite .*, not nan"),
    (put(*ADAM, 0, "exp_avg_sq", in_place((0, 0), -0.5)), "hidden exp_avg_sq holds -0.5; a mean of squares"),
    (put(*ADAM, 0, "step", torch.tensor(8.0)), "hidden step is 8; after 7 batches it must be 7"),
    (put(*ADAM, 1, "step", torch.tensor(-1.0)), "output step is -1; after 7 batches it must be 7"),
    (put(*ADAM, 1, "step", torch.tensor([7.0])), r"output step must be torch.float32 of shape \(\), not .* \(1,\)"),
    (put(*ADAM, 1, "step", 7.0), r"output step must be .*, not 7.0"),
    (put(*ADAM, 0, without("exp_avg")), "the optimiser of hidden has no exp_avg; it must have the parts step, exp_avg"),
    (put(*ADAM, 1, "max_exp_avg_sq", torch.zeros(8, 2)), "the optimiser of output has max_exp_avg_sq; allowed are"),
    (put(*NETWORK, "optimiser", without(1)), "the optimiser has no 1; it must have the parts 0, 1"),
    (put(*NETWORK, "optimiser", {}), "the optimiser has no 0, 1; it must have the parts 0, 1"),
    (put(*ADAM, 5, {}), "the optimiser has 5; allowed are only the parts 0, 1"),
    # where in which epoch
    (put(*NETWORK, "batches", -1), "the number of batches is -1, which is no whole number from 0 to"),
    (put(*NETWORK, "batches", 7.0), "the number of batches is 7.0, which is no whole number"),
    (put(*NETWORK, "batches", True), "the number of batches is True, which is no whole number"),
    (put(*NETWORK, "batches", 10**30), "the number of batches is 10+, which is no whole number from 0 to 9007199254"),
    (put(*NETWORK, "batches", 8), "hidden step is 7; after 8 batches it must be 8"),
    (put(*NETWORK, "seed", 1), "the network has seed; allowed are only the parts weights, optimiser, batches, sums"),
    # sums of the epoch
    (put(*SUMS, "loss", math.nan), "the sum of losses is nan, which is no finite number from 0"),
    (put(*SUMS, "loss", -1.0), "the sum of losses is -1.0, which is no finite number from 0"),
    (put(*SUMS, "loss", 10**400), "the sum of losses is 10+.*, which is no finite number from 0"),
    (put(*SUMS, "n", 20), "the number of samples seen in the epoch is 20, which is no whole number from 10 to 10"),
    (put(*SUMS, "right", 11), "the number of right answers in the epoch is 11, which is no whole number from 0 to 10"),
    (put(*SUMS, "right", -1), "the number of right answers in the epoch is -1, which"),
    # moving averages
    (put(*MEANS, "accuracy", 1.01), "the moving average of accuracy is 1.01, which is no finite number from 0 to 1"),
    (put(*MEANS, "loss", math.inf), "the moving average of loss is inf, which is no finite number from 0"),
    (put(*MEANS, "hidden", -0.1), "the moving average of hidden is -0.1, which"),
    (put(*MEANS, "output", "3"), "the moving average of output is '3', which"),
    (put("learner", "means", without("loss")), "moving averages has no loss; it must have the parts accuracy, loss"),
    (put(*MEANS, "speed", 1.0), "moving averages has speed; allowed are only the parts"),
    # learning curves
    (put(*ACCURACY, "kept", point(3, value=1.5)), "a value of the curve accuracy is 1.5, which is no .* from 0 to 1"),
    (put(*HELD_OUT, "kept", point(0, value=-0.1)), "a value of the curve held_out is -0.1, which is no .* from 0 to 1"),
    (put("learner", "curves", "loss", "kept", point(2, value=math.nan)), "a value of the curve loss is nan"),
    (put("learner", "curves", "output", "kept", point(2, value=-2.0)), "a value of the curve output is -2.0"),
    (put(*ACCURACY, "kept", point(2, time=20.0)), "the times of the curve accuracy are not all later than those"),
    (put(*ACCURACY, "kept", point(0, time=-10.0)), "a time of the curve accuracy is -10.0, which is no .* from 0"),
    (put(*ACCURACY, "kept", without(1)), "the curve accuracy keeps 6 of 7 points, with the stride 1"),
    (put(*ACCURACY, "kept", [[10.0, 0.5, 1.0]]), "the curve accuracy has points that are no list of times and values"),
    (put(*ACCURACY, "newest", [64.0, 2.0]), "a value of the curve accuracy is 2.0"),
    (put(*ACCURACY, "newest", [65.0, 0.5]), r"newest of 7 points of the curve accuracy is \(65.0, .* of the time 64.0"),
    (put(*ACCURACY, "newest", [64.0, 0.123]), r"the newest point of the curve accuracy is \(64.0, 0.123\), and the"),
    (put(*ACCURACY, "newest", None), "newest of 7 points of the curve accuracy is None; it must be of the time 64.0"),
    (put(*ACCURACY, "stride", 0), "the stride of the curve accuracy is 0, which is no whole number from 1"),
    (put(*ACCURACY, "stride", 3), "the curve accuracy keeps 7 of 7 points, with the stride 3, which"),
    (put(*ACCURACY, "count", 6), "the curve accuracy keeps 7 of 6 points, with the stride 1, which"),
    (put(*HELD_OUT, {"kept": [], "newest": None, "stride": 1, "count": 0}),
     "the curve held_out has 0 points; after 7 batches it must have 1"),
    (put(*HELD_OUT, "newest", [64.0, 0.5]), r"newest of 1 points of the curve held_out is .* of the time 54.0"),
    (put("learner", "curves", without("hidden")), "the list of curves has no hidden; it must have the parts"),
    (put("learner", "curves", "speed", {}), "the list of curves has speed; allowed are only the parts"),
    # answers over time
    (put(*LATENCY, "weight", 1.5), "the weight of the curve of answers over time is 1.5, which is no .* from 0 to 1"),
    (put(*LATENCY, "share", without(0)), f"the curve of answers over time is no list of {N_TIMES} shares"),
    (put(*LATENCY, "share", lambda share: [*share[:-1], 0.9]), "a share of right answers, with its weight, is 0.9, w"),
    (put(*LATENCY, "share", lambda share: [math.nan, *share[1:]]), "a share of right answers, with its weight, is nan"),
    # the run around them
    (put("learner", "history", {}), "the learner has history; allowed are only the parts network, means, curves"),
    (put("values", "n_max", [6, 10**9]), "n_max.* is 1000000000; allowed is a whole number from 1 to 1000"),
    (put("values", "hidden", [8, 8]), r"n_max\) is \(6, 8\); with the hidden layers \(8, 8\) it must hold 3 numbers"),
    (put("values", "hidden", [5]), r"hidden weights must be torch.float32 of shape \(6, 5\), not .* \(6, 8\)"),
    (put("values", "batch_size", 9), "samples seen in the epoch is 10, which is no whole number from 9 to 9"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "complaint"), BROKEN, ids=[complaint for _, complaint in BROKEN])
def test_what_cannot_be_is_named_and_changes_nothing(refused, change, complaint: str) -> None:
    sentence = refused(change)
    assert re.search(complaint, sentence), sentence
    assert sentence.endswith(".")


def test_every_part_of_a_state_is_missed_and_none_can_be_of_another_kind(tiny, advance, refused) -> None:
    run = tiny()
    advance(run, 7)
    everywhere = places(load_run(save_run(run))[1])
    assert {(*NETWORK, "batches"), (*ADAM, 1, "step"), (*HELD_OUT, "newest"), ("changes", "made")} <= {*everywhere}
    for *way, name in everywhere:
        missed = refused(put(*way, without(name)) if way else lambda state, name=name: state.pop(name))
        assert f"{name}" in missed
        for other in ("x", [None], {"x": None}):
            assert "cannot be read" not in refused(put(*way, name, other)), (way, name, other)


@pytest.mark.parametrize("kind", ["adam", "sgd"])
def test_a_network_that_refuses_a_state_is_left_as_it_was(kind: str, same) -> None:
    net, other = (network(seed=seed, **KINDS[kind]) for seed in (1, 2))
    for each in (net, other):
        each.advance()
    before, state = net.state_dict(), other.state_dict()
    state["sums"]["n"] = 9
    with pytest.raises(ParameterError, match="samples seen in the epoch is 9, which is no whole number from 10 to 10"):
        net.load_state_dict(state)
    assert same(net.state_dict(), before)


def test_weights_are_taken_by_their_names_and_not_by_their_places() -> None:
    net, other = network(hidden=(6,)), network(hidden=(6,), seed=2)
    state = net.state_dict()
    state["weights"] = dict(reversed(state["weights"].items()))
    other.load_state_dict(state)
    assert all(torch.equal(mine.weight, its.weight) for mine, its in zip(net.layers, other.layers, strict=True))
