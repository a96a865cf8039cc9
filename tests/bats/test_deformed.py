"""Training sees each image deformed anew, to the same bits whatever was made ahead, and as the parameters now say."""

from __future__ import annotations

import gc
import math
import weakref
from typing import Any

import pytest
import torch
from torch import Tensor

from snn_explorer import tasks
from snn_explorer.bats import BatsParameters, Network
from snn_explorer.bats.deformed_images import deform_images, draw_displacements
from snn_explorer.bats.encoding import time_to_first_spike
from snn_explorer.bats.moved_images import draw_moves, move_images
from snn_explorer.bats.spikes import Spikes
from snn_explorer.bats.training_set import TrainingSet
from snn_explorer.devices import CPU
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.samples import Samples, Split
from tests.bats.tiny import network
from tests.bats.waiting import wait_until

ELASTIC: dict[str, Any] = {"elastic_strength": 8.0, "elastic_width": 2.0}


def training_set(dtype: torch.dtype = torch.float32, **values: Any) -> TrainingSet:
    return TrainingSet(tasks.digits(), BatsParameters(**{**ELASTIC, "batch_size": 20, **values}), dtype, CPU)


def digits_network(**values: Any) -> Network:
    return Network(tasks.digits(), BatsParameters(**{**ELASTIC, "hidden": (8,), "batch_size": 400, **values}))


def expected(made: TrainingSet, number: int, strength: float, width: float, dtype: torch.dtype) -> Spikes:
    """Spikes of a batch that nothing but this function makes."""
    rows = made.rows(number)
    pixels = made.split.batch(rows)[0].unflatten(1, (8, 8))
    displacements = draw_displacements(len(rows), (8, 8), strength, width, 1, number)
    return time_to_first_spike(deform_images(pixels, displacements).flatten(1).to(dtype), 0.1)


def same(spikes: Spikes, others: Spikes) -> bool:
    pairs = zip((*spikes.events, spikes.per_neuron), (*others.events, others.per_neuron), strict=True)
    return all(torch.equal(one, other) and one.dtype == other.dtype for one, other in pairs)


def weight(net: Network, n_batches: int) -> Tensor:
    """Weights after some more batches."""
    for _ in range(n_batches):
        net.advance()
    return net.layers[0].weight.detach().clone()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_batch_is_the_spikes_of_its_deformed_images_in_whichever_order_batches_are_asked_for(
    dtype: torch.dtype,
) -> None:
    made = training_set(dtype)
    last = made.batches_per_epoch - 1
    for number in [0, 1, 2, 3, 7, 8, 2, 2, 0, last - 1, last, last + 1, 5 * last]:
        inputs, labels = made.batch(number)
        assert same(inputs, expected(made, number, 8.0, 2.0, dtype)), number
        assert torch.equal(labels, made.split.labels[made.rows(number)])


def test_an_image_is_another_each_time_that_it_is_seen() -> None:
    made = training_set(batch_size=2000)
    row = int(made.rows(0)[0])
    seen = []
    for epoch in range(5):
        inputs = made.batch(epoch)[0]
        seen.append(inputs.first()[(made.rows(epoch) == row).nonzero()[0, 0]])
    assert len({tuple(times.tolist()) for times in seen}) == 5


def test_deformed_images_move_as_well() -> None:
    made = training_set(shift=2)
    for number in range(3):
        inputs = expected(made, number, 8.0, 2.0, torch.float32)
        assert same(made.batch(number)[0], move_images(inputs, draw_moves(20, 2, 1, number), (8, 8)))


def test_a_changed_parameter_acts_at_the_next_batch_and_0_leaves_images_as_they_are() -> None:
    parameters = BatsParameters(**ELASTIC, batch_size=20)
    made, still = TrainingSet(tasks.digits(), parameters, torch.float32, CPU), training_set(elastic_strength=0.0)
    for number, (strength, width) in enumerate([(8.0, 2.0), (8.0, 3.0), (9.0, 3.0), (0.0, 3.0), (9.0, 3.0)]):
        parameters.elastic_strength, parameters.elastic_width = strength, width
        other = expected(made, number, strength, width, torch.float32) if strength else still.batch(number)[0]
        assert same(made.batch(number)[0], other)


@pytest.mark.parametrize("stop", [0, 1, 3, 4])  # batches; an epoch has 4
def test_training_goes_on_to_the_same_bits(stop: int) -> None:
    net, resumed, still = digits_network(), digits_network(), digits_network(elastic_strength=0.0)
    weight(net, stop)
    resumed.load_state_dict(net.state_dict())
    learned = weight(net, 5)
    assert torch.equal(weight(resumed, 5), learned)
    assert not torch.equal(weight(still, stop + 5), learned)


def test_evaluation_sees_images_as_they_are() -> None:
    net, still = digits_network(), digits_network(elastic_strength=0.0)
    assert net.evaluate(net.validation) == still.evaluate(still.validation)
    sample, undisturbed = (each.training_set.sample(11)[0] for each in (net, still))
    assert same(sample, undisturbed)


def test_a_dropped_network_leaves_no_memory() -> None:
    net = digits_network()
    net.advance()
    left = [weakref.ref(net), weakref.ref(net.training_set), weakref.ref(net.training_set.split)]
    del net
    wait_until(lambda: gc.collect() is not None and not any(ref() for ref in left))


@pytest.mark.parametrize("kind", ["no images", "images of times"])
def test_samples_that_are_no_images_of_pixels_cannot_be_deformed(kind: str) -> None:
    if kind == "no images":
        samples = None
    else:
        split = Split(torch.tensor([[0.0, 0.1, 0.2, math.inf]]), torch.tensor([0]))
        samples = Samples("times", "Times", 4, 2, split, split, "times", image_shape=(2, 2))
    message = r"\(elastic_strength\) is 2\.5; .* are no images of pixels, so it must be 0"
    with pytest.raises(ParameterError, match=message):
        network(samples, elastic_strength=2.5, validation=0.0)
    net = network(samples, validation=0.0)
    net.parameters.elastic_strength = 2.5
    with pytest.raises(ParameterError, match=message):
        net.advance()
    assert net.batches == 0
