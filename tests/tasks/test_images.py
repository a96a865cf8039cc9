"""MNIST, Fashion-MNIST and EMNIST: the published files, pictures that stand upright, and files that are not there."""

from __future__ import annotations

import gzip
import hashlib
import struct

import numpy as np
import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import (
    IdxError,
    MissingDataError,
    Samples,
    Split,
    available_images,
    emnist,
    fashion_mnist,
    mnist,
)

LOADERS = {"mnist": mnist, "fashion-mnist": fashion_mnist, "emnist": emnist}

# SHA-256 of the published files, unpacked
UNPACKED = {
    "mnist": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    "fashion-mnist": (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
}

CORNER = np.zeros((28, 28), np.uint8)
CORNER[0, 27], CORNER[3, 5] = 255, 51
"""Ink at the upper right, and less of it in row 3, column 5."""


def loaded(name: str, data_dir) -> Samples:
    if name not in available_images(data_dir):
        pytest.skip(f"This test needs the data set {name}, and {data_dir / name} has not all of its files.")
    return LOADERS[name](data_dir)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def write_set(folder, names: dict[str, np.ndarray], packed: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in names.items():
        path = folder / f"{name}-idx{array.ndim}-ubyte{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(idx(array)) if packed else idx(array))


def four(prefix: str, test: str, picture: np.ndarray = CORNER, labels: tuple[int, ...] = (3, 1)) -> dict:
    pictures = np.stack([picture] * 2)
    return {
        f"{prefix}{part}-{what}": array
        for part in ("train", test)
        for what, array in (("images", pictures), ("labels", np.array(labels)))
    }


@pytest.mark.parametrize("name", UNPACKED)
def test_samples_are_the_published_files_to_the_last_byte(name, data_dir):
    samples = loaded(name, data_dir)
    found = []
    for split in (samples.train, samples.test):
        found += [idx(split.inputs.numpy().reshape(-1, 28, 28)), idx(split.labels.numpy())]
    assert tuple(hashlib.sha256(content).hexdigest() for content in found) == UNPACKED[name]


@pytest.mark.parametrize(("name", "mean", "deviation"), [("mnist", 0.1307, 0.3081), ("fashion-mnist", 0.2860, 0.3530)])
def test_pixels_have_the_mean_and_deviation_known_from_the_literature(name, mean, deviation, data_dir):
    pixels, _ = loaded(name, data_dir).train.batch(torch.arange(60_000))
    assert float(pixels.mean()) == pytest.approx(mean, abs=6e-5)
    assert float(pixels.std()) == pytest.approx(deviation, abs=6e-5)


def test_emnist_has_47_classes_and_each_as_often_in_the_test_set(data_dir):
    samples = loaded("emnist", data_dir)
    balanced = samples.title.startswith("EMNIST Balanced")
    assert (len(samples.train), len(samples.test)) == ((112_800, 18_800) if balanced else (72_576, 4_700))
    assert torch.bincount(samples.test.labels).tolist() == [400 if balanced else 100] * 47


def orientations(split: Split) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Digits in a split in the eight ways a square can lie, first as they are, and their labels."""
    pixels, labels = split.batch((split.labels < 10).nonzero()[:, 0])
    pictures = pixels.reshape(-1, 28, 28)
    flips = ((), (1,), (2,), (1, 2))
    return [one.flip(flip).reshape(-1, 784) for one in (pictures, pictures.mT) for flip in flips], labels


def test_emnist_digits_stand_as_mnist_digits_do(data_dir):
    reference, samples = loaded("mnist", data_dir), loaded("emnist", data_dir)
    pixels, digits = reference.train.batch(torch.arange(10_000))
    centroids = torch.stack([pixels[digits == digit].mean(0) for digit in range(10)])
    for split in (samples.train, samples.test):
        turned, labels = orientations(split)
        right = [float((torch.cdist(one, centroids).argmin(1) == labels).double().mean()) for one in turned]
        # chance is 0.1; strokes are thicker here than in MNIST
        assert right[0] > 0.5
        assert max(right[1:]) < 0.35


def test_only_emnist_is_turned(tmp_path):
    write_set(tmp_path / "mnist", four("", "t10k"))
    write_set(tmp_path / "fashion-mnist", four("", "t10k"))
    write_set(tmp_path / "emnist", four("emnist-balanced-", "test", CORNER.T))
    for load in LOADERS.values():
        samples = load(tmp_path)
        for split in (samples.train, samples.test):
            pixels, labels = split.batch(torch.arange(2))
            assert pixels.reshape(2, 28, 28)[1, 0, 27] == 1
            assert pixels.reshape(2, 28, 28)[1, 3, 5] == pytest.approx(0.2)
            assert int((pixels > 0).sum()) == 4
            assert labels.tolist() == [3, 1]


def test_plain_files_are_read_as_well(tmp_path):
    write_set(tmp_path / "mnist", four("", "t10k"), packed=False)
    assert mnist(tmp_path).test.inputs.reshape(2, 28, 28)[0].tolist() == CORNER.tolist()


def test_official_emnist_files_come_first_and_the_title_says_which_they_are(tmp_path):
    write_set(tmp_path / "emnist", four("emnist-merge47-", "test", labels=(46, 0)))
    other = emnist(tmp_path)
    write_set(tmp_path / "emnist", four("emnist-balanced-", "test", labels=(10, 11)))
    official = emnist(tmp_path)
    assert (other.train.labels.tolist(), official.train.labels.tolist()) == ([46, 0], [10, 11])
    assert "ByMerge" in other.title
    assert "Balanced" in official.title
    assert [official.class_names[k] for k in (9, 10, 35, 36, 46)] == ["9", "A", "Z", "a", "t"]


def test_what_is_there_is_listed(tmp_path):
    write_set(tmp_path / "fashion-mnist", four("", "t10k"))
    write_set(tmp_path / "emnist", four("emnist-merge47-", "test"))
    write_set(tmp_path / "mnist", {"train-images": np.stack([CORNER])})
    assert available_images(tmp_path) == ("fashion-mnist", "emnist")


@pytest.mark.parametrize("name", LOADERS)
def test_files_that_are_not_where_they_were_said_to_be_are_named(name, tmp_path):
    with pytest.raises(MissingDataError) as caught:
        LOADERS[name](tmp_path)
    message = str(caught.value)
    assert f"not all, in {tmp_path / name}." in message
    for part in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "SNN_EXPLORER_DATA", f"DATA/{name}"):
        assert part in message


def test_emnist_says_that_it_is_not_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("SNN_EXPLORER_DATA", str(tmp_path))
    with pytest.raises(MissingDataError, match=rf"too large to be downloaded .* names {tmp_path}\."):
        emnist()


def test_pictures_of_another_size_are_refused(tmp_path):
    write_set(tmp_path / "mnist", four("", "t10k", CORNER[:, :20]))
    with pytest.raises(IdxError, match=r"train-images-idx3-ubyte\.gz has pictures of 28 x 20 pixels; .* 28 x 28"):
        mnist(tmp_path)


def test_a_label_that_the_set_does_not_have_is_refused(tmp_path):
    write_set(tmp_path / "mnist", four("", "t10k", labels=(0, 10)))
    with pytest.raises(ParameterError, match="A training label of 'mnist' is 10; allowed are 0 to 9"):
        mnist(tmp_path)
