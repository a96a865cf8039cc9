"""Controls, equation, addresses of words and previews without a browser."""

from __future__ import annotations

import io
import re
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from snn_explorer.engine import ParameterError
from snn_explorer.live.driver import all_values
from snn_explorer.presets import available_presets, own_target
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.tasks import SpikeTrains, SpikingXor, Task
from snn_explorer.views import address
from snn_explorer.views.control import Quantity
from snn_explorer.views.controls import Controls
from snn_explorer.views.rule import Rule
from snn_explorer.views.superspike import equation, raster_image
from snn_explorer.views.superspike.control_set import CONTROL_SET, GROUPS, WORDS, idle
from snn_explorer.views.superspike.own_sources import Sketch, Upload
from snn_explorer.views.superspike.task_note import sizes

VALUES = all_values(available_presets()["fig4"], {})


def a_task(n_outputs=3, step=(0, 5000, 9999), neuron=(0, 1, 2)):
    inputs = SpikeTrains(np.array([1]), np.array([0]), 1)
    return Task("a", "A task", inputs, SpikeTrains(np.array(step), np.array(neuron), n_outputs), 10_000)


class TestControls:
    def test_every_parameter_has_one_control_and_every_option_a_word(self):
        names = [name for always, more in GROUPS.values() for name in (*always, *more)]
        assert sorted(names) == sorted(name for name in SuperSpikeParameters.param if name != "name")
        for name, words in WORDS.items():
            assert list(words) == SuperSpikeParameters.param[name].objects

    @pytest.mark.parametrize(
        ("changed", "names", "why"),
        [
            ({}, {"exponent", "error_dependent"}, "ρ is 0"),
            ({"rho": 1.0, "surrogate": "none"}, {"steepness"}, "σ′ is 1"),
            ({"rho": 1.0, "hidden_learning": False}, {"feedback", "rho", "exponent", "error_dependent"}, "fixed"),
            ({"n_hidden": 0}, {"feedback", "hidden_learning", "rho", "exponent", "error_dependent"}, "no hidden units"),
            (
                {"learning": False},
                {"learning_rate", "optimiser", "hidden_learning", "rate_drop_time", "rate_drop", "weight_limit", "rho",
                 "exponent", "error_dependent"},
                "learning is off",
            ),
            ({"rho": 1.0}, set(), ""),
        ],
    )  # fmt: skip
    def test_what_has_no_effect_says_why(self, changed, names, why):
        found = idle(VALUES | changed)
        assert set(found) == names
        assert all(why in reason for reason in found.values())

    def test_a_wish_is_answered_with_its_number_and_its_value_or_why_not(self):
        taken = []

        def change(name, value, _gesture):
            if value == 3:
                raise ParameterError("Not three.")
            taken.append((name, value))

        controls = Controls(CONTROL_SET, VALUES, change)
        quantity = controls._controls["n_hidden"]
        quantity._handle_msg({"wish": "8", "number": 1})
        assert (quantity.value, quantity.fault, quantity.answered) == (8, "", 1)
        quantity._handle_msg({"wish": "3", "number": 2})
        assert (quantity.value, quantity.fault, quantity.answered) == (8, "Not three.", 2)
        quantity._handle_msg({"wish": "eight", "number": 3})
        assert "“eight” is not a number" in quantity.fault
        controls.show_values(VALUES | {"n_hidden": 5})
        assert (quantity.value, quantity.fault, quantity.answered) == (5, "", 3)
        controls._controls["surrogate"]._handle_msg({"wish": "none", "number": 1})
        assert controls._controls["steepness"].idle == "σ′ is 1"
        assert taken == [("n_hidden", 8), ("surrogate", "none")]

    def test_a_structural_parameter_says_that_a_new_network_starts(self):
        controls = Controls(CONTROL_SET, VALUES, lambda *_: None)._controls
        assert controls["seed"].sentence.endswith("A change starts a new network.")
        assert "new network" not in controls["rho"].sentence

    def test_values_are_shown_in_the_units_of_the_page(self):
        controls = Controls(CONTROL_SET, VALUES | {"learning_rate": 2e-3}, lambda *_: None)._controls
        assert isinstance(controls["learning_rate"], Quantity)
        assert (controls["learning_rate"].value, controls["learning_rate"].unit) == (2.0, "mV")


class TestEquation:
    @staticmethod
    def html(sentence="See.", **changed):
        rule = Rule(equation.parts, lambda: None)
        rule.say(sentence, VALUES | changed)
        return rule.html

    def test_it_follows_the_surrogate(self):
        assert "σ′</mi><mo>(" in self.html()
        assert "(1 + β |U − ϑ|)⁻²" in self.html()
        assert "exp(−β |U − ϑ|)" in self.html(surrogate="exponential")
        assert "σ′</mi>" not in self.html(surrogate="none")

    def test_it_follows_the_rate(self):
        assert "<msub><mi>r</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>" in self.html()
        assert "<msub><mi>r</mi><mn>0</mn></msub>" in self.html(optimiser="plain")
        assert "<mn>0</mn></mrow></math>" in self.html(learning=False)

    def test_it_follows_the_regulariser(self):
        power = "<msubsup><mi>z</mi><mi>i</mi><mn>{}</mn></msubsup>"
        error = "<msubsup><mi>e</mi><mi>i</mi><mn>2</mn></msubsup>"
        assert power.format(4) in self.html()
        assert 'class="pale"' in self.html()
        acting = self.html(rho=1.0, exponent=2, error_dependent=True)
        assert power.format(2) + error in acting
        assert 'class="pale"' not in acting
        assert 'class="pale"' in self.html(rho=1.0, n_hidden=0)

    def test_it_says_where_the_error_comes_from(self):
        assert "its own weights to them" in self.html(feedback="symmetric")
        assert "random weights" in self.html(feedback="random")
        assert "a hidden neuron gets" not in self.html(n_hidden=0)

    def test_what_people_write_stays_text(self):
        html = self.html('<script>alert("1")</script>')
        assert "<script>" not in html
        assert "&lt;script&gt;alert(&quot;1&quot;)" in html


class TestAddress:
    presets = available_presets()

    @staticmethod
    def query_of(preset):
        pairs = re.findall("([^?&=]+)=([^&]*)", address.write(preset, {"n_hidden": 5}, None, projector=False))
        return dict(pairs)

    def test_a_word_is_written_and_read_again(self):
        preset = own_target.word_to_learn("ABBA", 60, 1.5)
        query = self.query_of(preset)
        asked = address.read(query, self.presets)
        assert (asked.preset, asked.faults, asked.news) == ("own", [], "")
        assert asked.own.query == preset.query
        assert asked.values == {"n_hidden": 5}

    def test_a_word_by_itself_is_enough(self):
        asked = address.read({"word": "ABBA"}, self.presets)
        assert asked.preset == "own"
        assert asked.own.query == {"word": "ABBA", "outputs": "100", "seconds": "2"}

    def test_without_a_word_there_is_the_usual_one_and_a_remark(self):
        asked = address.read({"preset": "own"}, self.presets)
        assert asked.own.query["word"] == own_target.DEFAULT_WORD
        assert "holds no word" in asked.news
        assert asked.faults == []

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({"preset": "own", "word": " "}, "empty"),
            ({"preset": "own", "word": "A", "outputs": "10000"}, "at most 1024"),
            ({"preset": "own", "word": "A", "outputs": "ten"}, "'ten'"),
            ({"preset": "own", "word": "A", "seconds": "1e9"}, "up to 20 s"),
            ({"preset": "fig4", "word": "A"}, "'fig4' has no word"),
        ],
    )
    def test_a_word_that_cannot_be_used_is_a_fault_and_nothing_else_is_lost(self, query, said):
        asked = address.read(query | {"rho": "2"}, self.presets)
        (fault,) = asked.faults
        assert said in fault
        assert asked.own is None
        assert asked.values == {"rho": 2.0}
        assert asked.preset == query["preset"]


class TestPreview:
    @pytest.mark.parametrize("n_outputs", [1, 3, 100, 500])
    def test_its_strokes_are_the_targets(self, n_outputs):
        rng = np.random.default_rng(1)
        neuron = np.sort(rng.integers(0, n_outputs, 40))
        html = raster_image.raster_html(a_task(n_outputs, rng.permutation(10_000)[:40], neuron))
        (png,) = set(re.findall("base64,([^)]+)", html))
        image = Image.open(io.BytesIO(b64decode(png)))
        alpha = np.asarray(image)[:, :, 1]
        rows = alpha.reshape(n_outputs, -1, raster_image.WIDTH).any(axis=1)
        assert set(np.flatnonzero(rows[::-1].any(axis=1))) == set(neuron.tolist())

    def test_time_runs_from_left_to_right_and_the_first_output_is_below(self):
        html = raster_image.raster_html(a_task())
        (png,) = set(re.findall("base64,([^)]+)", html))
        alpha = np.asarray(Image.open(io.BytesIO(b64decode(png))))[:, :, 1]
        third = alpha.shape[0] // 3
        columns = [np.flatnonzero(alpha[part * third : (part + 1) * third].any(axis=0))[0] for part in (2, 1, 0)]
        assert columns == [0, 299, 598]

    def test_counts(self):
        assert raster_image.counts(a_task()) == "3 target spikes on 3 of 3 outputs in 1 s."
        assert raster_image.counts(a_task(1, [7], [0])) == "1 target spike on 1 of 1 output in 1 s."

    def test_sizes_of_tasks(self):
        assert sizes(a_task()) == "1 input, 3 outputs; 3 target spikes in 1 s."
        assert sizes(SpikingXor()) == "100 inputs, 2 outputs; 7.4 stimuli per second in random order."


class TestSources:
    def test_files_of_the_browser(self):
        taken = []
        upload = Upload(taken.append)
        upload._handle_msg({"name": "a.csv", "size": 3, "content": b"0 1"})
        upload._handle_msg({"name": "big.png", "size": 10**9})
        upload._handle_msg({"name": "odd", "size": 5, "content": "not bytes"})
        upload._handle_msg({"name": None})
        assert taken == [("a.csv", 3, b"0 1"), ("big.png", 10**9, None), ("odd", 5, None), None]

    def test_a_size_that_is_not_the_contents_does_not_count(self):
        taken = []
        Upload(taken.append)._handle_msg({"name": "a", "size": 1, "content": bytes(9_000_000)})
        with pytest.raises(ParameterError, match="at most 8 MB"):
            own_target.picture_to_learn(taken[0])

    def test_a_drawing_and_a_cleared_canvas(self):
        drawn = []
        sketch = Sketch(drawn.append)
        sketch._handle_msg({"content": b"png"})
        sketch._handle_msg({"content": None})
        assert drawn == [b"png", None]
