"""What a page shows can be taken away from it, and says elsewhere what it said there."""

from __future__ import annotations

import io
import re
import shlex
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from PIL import Image
from playwright.sync_api import expect
from safetensors.numpy import load
from typer.testing import CliRunner

from snn_explorer.cli import app
from snn_explorer.live.export import dataset
from snn_explorer.live.frame import BatsFrame
from snn_explorer.live.saved_run import save_run
from snn_explorer.presets import available_presets
from snn_explorer.views.session import sessions
from snn_explorer.views.theme import SHADES
from tests.ui.conftest import bits

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def take_away(open_page):
    """Open a page, let it learn, pause it, and open the dialog."""

    def opening(query="?preset=fig4&burn_in=0&speed=max", past=3.0):
        opened = open_page(query)
        opened.wait_until(lambda: opened.lab.run.time > past)
        opened.settle()
        opened.page.keyboard.press("t")
        expect(opened.page.get_by_role("dialog", name="Take away")).to_be_visible()
        return opened

    return opening


def download(opened, button):
    """Name and content of the file that a button gives."""
    with opened.page.expect_download() as caught:
        opened.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
    return caught.value.suggested_filename, caught.value.path().read_bytes()


def settle_on(opened, figure):
    opened.page.get_by_label("Which figure").select_option(label=figure)


def texts(svg):
    return ["".join(text.itertext()).replace("\u200b", "") for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_stand_alone_with_labels_ticks_and_the_colours_of_the_theme(take_away, theme):
    opened = take_away(f"?preset=fig4&burn_in=0&speed=max&theme={'dark' if theme == 'dark' else 'default'}")
    shades = SHADES[theme]

    settle_on(opened, "output membrane")
    name, content = download(opened, "SVG")
    assert name == "snn-explorer-fig4-seed1-output_membrane.svg"
    svg = ElementTree.fromstring(content)
    assert texts(svg)[-1] == "Uooutput membrane [mV]"
    assert {"−50", "−60"} <= set(texts(svg))
    assert shades["surrogate"] in {path.get("stroke") for path in svg.iter(f"{SVG}path")}
    assert svg.find(f"{SVG}rect").get("fill") == shades["paper"]
    assert not re.search(rb"(href|src)=|url\((?!['\"]?#)", content)

    settle_on(opened, "all plots over time")
    stack = ElementTree.fromstring(download(opened, "SVG")[1])
    assert {"e", "So", "Uo", "Sh", "Uh", "Si"} <= set(texts(stack))
    assert {"error [Hz]", "hidden spikes", "time in the chunk [s]", "0.5"} <= set(texts(stack))

    name, content = download(opened, "PNG")
    assert name == "snn-explorer-fig4-seed1-stack.png"
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.size == tuple(2 * int(stack.get(side)) for side in ("width", "height"))
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert {tuple(bytes.fromhex(shades[role][1:])) for role in ("paper", "ink", "surrogate")} <= colours


@pytest.mark.parametrize("query", ["?preset=fig4&burn_in=0&speed=max", "?preset=bats-digits&speed=max"])
def test_data_and_weights_are_those_of_the_engine(take_away, query):
    opened = take_away(query)
    run = opened.lab.run
    snapshot = run.snapshot()
    wanted = dataset(snapshot)
    curve, unit = ("learning_curve", "s") if run.preset.system == "superspike" else ("accuracy_curve", "1")

    name, content = download(opened, "NetCDF")
    after = f"-t{run.time:g}s" if run.preset.system == "superspike" else f"-{run.time:g}samples"
    assert name == f"snn-explorer-{run.preset.key}-seed1{after}.nc"
    data = xr.load_dataset(io.BytesIO(content), engine="h5netcdf")
    xr.testing.assert_identical(data[curve], wanted[curve])
    assert data[data[curve].dims[0]].units == unit
    assert data.attrs["parameter_seed"] == 1

    tables = zipfile.ZipFile(io.BytesIO(download(opened, "CSV")[1]))
    assert {"about.csv", "numbers.csv", "hidden_spike.csv"} <= set(tables.namelist())

    weights = load(download(opened, "safetensors")[1])
    matrices = snapshot.live.frame.matrices
    assert weights.keys() == matrices.keys()
    assert all(np.array_equal(weights[name], matrix, equal_nan=True) for name, matrix in matrices.items())


@pytest.mark.parametrize(
    ("query", "option"),
    [("?preset=fig4&burn_in=0&speed=max", "--seconds"), ("?preset=bats-digits&n_max=4,30&speed=max", "--samples")],
)
def test_the_command_gives_the_same_curve_and_is_copied(take_away, tmp_path, query, option):
    opened = take_away(query)
    page, run = opened.page, opened.lab.run
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    length = run.time if option == "--seconds" else round(run.time)
    expect(page.get_by_label("Command", exact=True)).to_contain_text(f"{option} {length}")
    shown = page.get_by_label("Command", exact=True).inner_text()
    copies = page.get_by_role("dialog").get_by_role("button", name="Copy", exact=True)
    copies.nth(0).click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    copies.nth(1).click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('network.advance()')")
    page.get_by_role("button", name="Copy the address").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()) === location.href")

    program, *words = shlex.split(shown)
    assert program == "snn-explorer"
    result = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    headless = xr.load_dataset(tmp_path / "result.nc", engine="h5netcdf")
    for (time, value), mine in curves(run.snapshot().live, headless):
        # a page keeps some hundred points of a long curve
        kept = np.isin(mine[mine.dims[-1]].values.astype(np.float32), time)
        assert kept[-1]
        assert np.array_equal(np.ravel(mine)[kept].astype(np.float32), value)


def curves(live, headless):
    """Times and values of the page's learning curves, and what a command says of each."""
    if isinstance(live, BatsFrame):
        return [(live.curves[name], headless[f"{name}_curve"]) for name in ("accuracy", "loss", "hidden", "output")]
    return [((live.curve_time, live.curve_cost), headless.cost)]


def load_file(opened, content, name="saved.snnrun"):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    opened.page.get_by_role("dialog").locator("input[type=file]").set_input_files(file)


def test_a_saved_run_is_loaded_to_the_same_bits_and_waits(take_away):
    opened = take_away()
    lab, saved, before = opened.lab, save_run(opened.lab.run), bits(opened.lab.run)
    assert download(opened, "Save")[1] == saved
    dialog = opened.page.get_by_role("dialog")
    opened.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    opened.wish(lab.choose, "fig2")
    opened.wish(lab.pause)
    opened.page.keyboard.press("t")
    expect(dialog).to_be_visible()
    load_file(opened, saved)
    opened.wait_until(lambda: lab.run.preset.key == "fig4")
    expect(dialog).to_be_hidden()
    assert lab.run.state == "paused"
    assert bits(lab.run) == before
    opened.settle()
    assert "preset=fig4" in opened.page.url


def test_a_dialog_that_is_opened_again_gives_each_file_once(take_away):
    opened = take_away()
    files = []
    opened.page.on("download", lambda given: files.append(given.suggested_filename))
    dialog = opened.page.get_by_role("dialog")
    opened.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    opened.page.keyboard.press("t")
    names = [download(opened, button)[0] for button in ("safetensors", "Save")]
    # the second file comes after whatever the first button gave
    assert files == names


def test_a_dialog_that_was_just_closed_leaves_the_next_key_to_the_page(take_away):
    opened = take_away()
    dialog = opened.page.get_by_role("dialog")
    # before anything else comes to its turn: the focus is still in the dialog, and nobody has heard of its end
    close_and_press = """(inside) => {
        inside.closest("dialog").querySelector(".close").click()
        inside.dispatchEvent(new KeyboardEvent("keydown", {key: "t", bubbles: true, composed: true}))
        return inside.closest("dialog").open
    }"""
    assert not dialog.locator(".body").evaluate(close_and_press)
    expect(dialog).to_be_visible()


def test_a_saved_run_of_the_other_system_opens_its_own_page(take_away, make_saved):
    saved, before = make_saved("bats-digits")
    opened = take_away()
    load_file(opened, saved)
    opened.page.wait_for_url(re.compile("preset=bats-digits"))
    lab = opened.wait_until(lambda: next((lab for lab in sessions.open if lab.run.preset.key == "bats-digits"), None))
    opened.wait_until(lambda: lab.run.time > 0)
    assert (bits(lab.run), lab.run.state) == (before, "paused")


@pytest.fixture
def make_saved():
    """Save a run after a few batches; gives its bits too."""

    def making(key):
        from snn_explorer.live import Run

        run = Run(available_presets()[key])
        for _ in range(3):
            run.step()
            run.work(0.0)
        return save_run(run), bits(run)

    return making


def test_a_hostile_file_is_refused_with_a_sentence(take_away):
    opened = take_away()
    before = bits(opened.lab.run)
    load_file(opened, b"\x80\x04cos\nsystem\n(S'true'\ntR.")
    said = opened.page.get_by_role("dialog").get_by_role("status")
    expect(said).to_have_text("The file is no saved run, or it is damaged (BadZipFile).")
    assert bits(opened.lab.run) == before
