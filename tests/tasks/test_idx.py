"""IDX files, made byte by byte: what is read, and what is said of each way to be wrong."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.idx import IdxError, read_images, read_labels, read_pair

# two pictures of 2 rows and 3 columns
IMAGES = bytes.fromhex("00000803 00000002 00000002 00000003 000102030405 fafbfcfdfeff")
LABELS = bytes.fromhex("00000801 00000002 0907")


@pytest.fixture
def write(tmp_path):
    def to(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return to


@pytest.mark.parametrize(("name", "pack"), [("plain", bytes), ("packed.gz", gzip.compress), ("bare", gzip.compress)])
def test_bytes_become_rows_of_pixels_and_labels(write, name, pack):
    images, labels = read_pair(write(f"images-{name}", pack(IMAGES)), write(f"labels-{name}", pack(LABELS)))
    assert images.tolist() == [[[0, 1, 2], [3, 4, 5]], [[250, 251, 252], [253, 254, 255]]]
    assert labels.tolist() == [9, 7]


def test_a_file_without_samples_has_none(write):
    assert read_labels(write("labels", LABELS[:4] + bytes(4))).shape == (0,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (IMAGES[:-1], "is truncated: its header says 2 x 2 x 3 pictures, 12 bytes, but 11 follow"),
        (IMAGES[:16], "is truncated: its header says 2 x 2 x 3 pictures, 12 bytes, but 0 follow"),
        (IMAGES[:15], "is truncated: it has 15 bytes, and its header alone has 16"),
        (b"", "is truncated: it has 0 bytes"),
        (IMAGES + b"ab", "has a wrong count: .* 12 bytes, but 14 follow, 2 too many"),
        (LABELS, "begins with the magic number 2049; a file of pictures begins with 2051"),
        (b"PNG!" + IMAGES[4:], f"begins with the magic number {int.from_bytes(b'PNG!', 'big')}"),
    ],
)
@pytest.mark.parametrize(("name", "pack"), [("images", bytes), ("images.gz", gzip.compress)])
def test_what_is_wrong_inside_is_said_with_the_files_name(write, content, message, name, pack):
    path = write(name, pack(content))
    with pytest.raises(IdxError, match=message) as caught:
        read_images(path)
    assert str(caught.value).startswith(f"{path} ")


def test_a_file_of_pictures_is_no_file_of_labels(write):
    with pytest.raises(IdxError, match="begins with the magic number 2051; a file of labels begins with 2049"):
        read_labels(write("images", IMAGES))


def test_a_plain_file_with_a_gzip_name_is_refused(write):
    with pytest.raises(IdxError, match=r"images\.gz is not gzip, though .* begins with '00 00', and gzip with '1f 8b'"):
        read_images(write("images.gz", IMAGES))


def test_a_gzip_stream_that_breaks_off_is_truncated(write):
    packed = gzip.compress(IMAGES)
    with pytest.raises(IdxError, match=rf"is truncated: its gzip stream breaks off after {len(packed) - 9} bytes"):
        read_images(write("images.gz", packed[:-9]))


@pytest.mark.parametrize("place", [-6, 12], ids=["checksum", "stream"])
def test_a_gzip_stream_with_a_changed_byte_is_damaged(write, place):
    packed = bytearray(gzip.compress(bytes(range(256)) * 4))
    packed[place] ^= 0xFF
    with pytest.raises(IdxError, match="is damaged: its gzip stream cannot be unpacked"):
        read_images(write("images.gz", bytes(packed)))


def test_pictures_and_labels_must_be_as_many(write):
    images = write("images", IMAGES)
    labels = write("labels", bytes.fromhex("00000801 00000003 090701"))
    with pytest.raises(IdxError, match=r"images has 2 pictures, but .*labels has 3 labels"):
        read_pair(images, labels)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(IdxError, match=r"nowhere\.gz cannot be read: No such file"):
        read_images(tmp_path / "nowhere.gz")


def test_the_error_is_one_of_bad_input():
    assert issubclass(IdxError, ParameterError)
