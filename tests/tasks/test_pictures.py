"""Pictures in spikes: pixel for spike on a tiny one, all kinds of files, and what cannot be drawn is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import picture_targets

TINY = np.array([[1, 0, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0]], dtype=bool)
"""Ink of a picture of 4 x 3 pixels."""


def picture(ink, mode="L"):
    """Black ink on white, in any mode of Pillow."""
    return Image.fromarray(np.where(ink, 0, 255).astype(np.uint8)).convert(mode)


def drawn(source, **settings):
    """Whether each output spikes in each interval, top row first, and the spikes."""
    trains = picture_targets(source, n_outputs=3, period=0.2, interval=0.05, **settings)
    raster = np.zeros((3, 4), dtype=bool)
    raster[2 - trains.neuron, trains.step // 500] = True
    return raster, trains


def encoded(image, file_format, **settings):
    file = io.BytesIO()
    image.save(file, file_format, **settings)
    return file.getvalue()


def assert_tiny(source):
    raster, trains = drawn(source)
    assert np.array_equal(raster, TINY)
    assert trains.n_spikes == TINY.sum()


def test_a_tiny_picture_is_spikes_pixel_by_pixel():
    _, trains = drawn(picture(TINY))
    # output 2 is the top row; 2 i mod 5 = 0, 2, 4 tenths of the 50 ms after the first 5 ms
    assert list(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True)) == [
        (250, 1),
        (450, 2),
        (550, 0),
        (1250, 1),
    ]
    assert trains.n_neurons == 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "HSV", "I", "I;16", "F"])
def test_every_mode_of_colour_gives_the_same(mode):
    assert_tiny(picture(TINY, mode))


@pytest.mark.parametrize("file_format", ["PNG", "GIF", "BMP", "TIFF"])
def test_every_exact_format_gives_the_same(file_format):
    assert_tiny(encoded(picture(TINY, "RGB"), file_format))


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP"])
def test_compressed_formats_are_read(file_format):
    assert_tiny(encoded(picture(TINY.repeat(16, 0).repeat(16, 1), "RGB"), file_format))
    assert_tiny(encoded(picture(TINY.repeat(16, 0).repeat(16, 1), "RGB"), file_format, quality=60))


def test_sixteen_bits_and_cyan_magenta_yellow_black_are_read_from_files():
    deep = Image.fromarray(np.where(TINY, 900, 4000).astype(np.uint16))
    assert deep.mode == "I;16"
    assert_tiny(encoded(deep, "PNG"))
    assert_tiny(encoded(picture(TINY, "CMYK"), "TIFF"))


def test_a_path_is_read(tmp_path):
    path = tmp_path / "tiny.png"
    path.write_bytes(encoded(picture(TINY), "PNG"))
    assert_tiny(path)
    assert_tiny(str(path))


def test_of_an_animation_the_first_picture_counts():
    assert_tiny(encoded(picture(TINY), "GIF", save_all=True, append_images=[picture(~TINY), picture(TINY[::-1])]))


def test_the_way_a_camera_was_held_is_undone():
    turned = picture(TINY).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # the picture is to be turned by 90 degrees clockwise
    assert_tiny(encoded(turned, "PNG", exif=exif))


def test_in_a_dark_picture_light_is_ink():
    assert_tiny(picture(~TINY))


def test_little_contrast_is_stretched():
    assert_tiny(Image.fromarray(np.where(TINY, 140, 160).astype(np.uint8)))


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (250, 250, 0), (200, 30, 30)])
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
@pytest.mark.parametrize("ink", [TINY, ~TINY])
def test_transparent_is_background_whatever_the_colour(colour, file_format, ink):
    pixels = np.zeros((3, 4, 4), dtype=np.uint8)
    pixels[..., :3] = colour
    pixels[..., 3] = np.where(ink, 255, 0)
    raster, _ = drawn(encoded(Image.fromarray(pixels), file_format))
    assert np.array_equal(raster, ink)


def test_a_transparent_colour_of_a_palette_is_background():
    white = picture(TINY, "P")
    index = white.getpixel((3, 0))
    assert_tiny(encoded(white, "PNG", transparency=index))
    assert_tiny(encoded(white, "GIF", transparency=index))


def test_grey_has_its_share_of_spikes():
    # four bars: black, 3/4, 1/2 and 1/4 of the way from white to black; then white
    bars = np.repeat([0, 64, 128, 191, 255], 16)[None, :].repeat(16, axis=0).astype(np.uint8)
    trains = picture_targets(Image.fromarray(bars), n_outputs=16, period=4.0, interval=0.05)
    per_bar = np.histogram(trains.step, bins=5, range=(0, 40_000))[0]
    assert per_bar.tolist() == [256, 192, 128, 64, 0]


def test_a_large_picture_is_averaged():
    large = picture(TINY.repeat(200, 0).repeat(300, 1))
    assert_tiny(large)


def test_a_picture_gives_the_same_spikes_each_time():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (70, 90), dtype=np.uint8))
    first, again = picture_targets(noise), picture_targets(noise)
    assert np.array_equal(first.step, again.step)
    assert np.array_equal(first.neuron, again.neuron)
    assert first.n_spikes == pytest.approx(0.5 * 100 * 70, rel=0.1)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", (1, 1), 0),
        Image.new("RGB", (50, 40), "red"),
        Image.new("RGBA", (50, 40), (0, 0, 0, 0)),
        Image.new("I;16", (50, 40), 0),
        Image.new("F", (50, 40), 0.0),
        Image.fromarray(np.array([[250, 255, 252], [251, 254, 253]], dtype=np.uint8)),
    ],
    ids=["one pixel", "one colour", "transparent", "16 bit black", "float black", "noise of a blank page"],
)
def test_a_picture_without_ink_is_refused(image):
    with pytest.raises(ParameterError, match=r"The picture 'picture' has no drawable ink: .* dark and light parts"):
        picture_targets(image)


def test_a_dot_too_small_for_the_raster_is_refused():
    dot = np.zeros((1000, 1000), dtype=bool)
    dot[500, 500] = True
    with pytest.raises(ParameterError, match="too small for 10 outputs and 70 spikes of each"):
        picture_targets(picture(dot), n_outputs=10)


def test_empty_files_and_pictures_are_refused():
    with pytest.raises(ParameterError, match=r"The picture 'cat\.png' is empty: it has 0 bytes"):
        picture_targets(b"", name="cat.png")
    with pytest.raises(ParameterError, match="is empty: it has no pixels"):
        picture_targets(Image.new("L", (0, 0)))


@pytest.mark.parametrize(
    "content", [b"0.1 3\n0.2 4\n", b"\x00" * 100, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"P5 1 1 255\n\x00"]
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ParameterError, match=r"The file 'cat\.txt' is not a picture; allowed are PNG, JPEG"):
        picture_targets(content, name="cat.txt")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_file_that_was_cut_off_is_refused(file_format):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (70, 90, 3), dtype=np.uint8))
    content = encoded(noise, file_format)
    with pytest.raises(ParameterError, match=r"'cut' (cannot be decoded \(.*damaged|is not a picture)"):
        picture_targets(content[: len(content) // 2], name="cut")


def test_brightness_that_is_no_number_is_refused():
    with pytest.raises(ParameterError, match=r"cannot be decoded \(.*not finite numbers"):
        picture_targets(Image.fromarray(np.array([[0.0, np.nan], [1.0, 1.0]], dtype=np.float32)))


@pytest.mark.parametrize(
    ("width", "said"),
    [(5001, "5001 x 5000 pixels"), (20_000, "20000 x 5000 pixels"), (60_000, "far too many pixels")],
)
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(width, said, monkeypatch):
    content = encoded(Image.new("1", (width, 5000)), "PNG")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("the picture was decoded"))
    with pytest.raises(ParameterError, match=f"'bomb' has {said}; at most 25 million pixels are decoded, because"):
        picture_targets(content, name="bomb")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"absent\.png' cannot be read \(No such file"):
        picture_targets(tmp_path / "absent.png")
    with pytest.raises(ParameterError, match=r"cannot be read \(Is a directory\)"):
        picture_targets(tmp_path)


def test_too_many_outputs_are_refused():
    with pytest.raises(ParameterError, match="n_outputs is 10000; at most 1024 neurons are allowed, because"):
        picture_targets(picture(TINY), n_outputs=10_000)
