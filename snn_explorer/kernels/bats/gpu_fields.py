"""Triton kernel that collects what each receptive field sees: one program for each sample and window."""

import triton
import triton.language as tl

CHANGING = ["n_events", "n_row"]
"""Arguments that differ between batches: a new value must not compile again."""


@triton.jit(do_not_specialize=CHANGING)
def look_tile(
    time_ptr, neuron_ptr, count_ptr, n_events, n_rows, n_columns, windows_down, windows_across, size, stride, padding,
    n_row, seen_ptr, field_time_ptr, field_neuron_ptr, place_ptr, WRITES: tl.constexpr, EVENTS: tl.constexpr,
):  # fmt: skip
    """Events of one window, in the order of time; see `receptive_fields.Fields`.

    Parameters
    ----------
    time_ptr, neuron_ptr : pointer, shape (B, E)
        Times and neurons of the events.
    count_ptr : pointer, shape (B,)
        Events of each sample.
    n_rows, n_columns, windows_down, windows_across, size, stride, padding : int
        See `receptive_fields.Windows`.
    n_row : int
        Length of the rows of fields.
    seen_ptr : pointer, shape (B * P,)
        Written where `WRITES` is not set: events of each field.
    field_time_ptr, field_neuron_ptr : pointer, shape (B * P, n_row)
        Written where it is, over what stands for no event.
    place_ptr : pointer, shape (B, K * K, E)
        Written where it is, over what stands for no window.
    """
    sample, window = tl.program_id(0).to(tl.int64), tl.program_id(1)
    row = sample * windows_down * windows_across + window
    top, left = window // windows_across * stride - padding, window % windows_across * stride - padding
    count = tl.load(count_ptr + sample)
    found, first = tl.cast(0, tl.int32), tl.cast(0, tl.int32)
    while first < count:
        event = first + tl.arange(0, EVENTS)
        there = event < count
        neuron = tl.load(neuron_ptr + sample * n_events + event, there, 0)
        pixel = neuron % (n_rows * n_columns)
        y, x = pixel // n_columns - top, pixel % n_columns - left
        inside = there & (y >= 0) & (y < size) & (x >= 0) & (x < size)
        if WRITES:
            column = found + tl.cumsum(inside.to(tl.int32), 0) - 1
            time = tl.load(time_ptr + sample * n_events + event, inside, 0.0)
            place, at = y * size + x, row * n_row + column
            tl.store(field_time_ptr + at, time, inside)
            tl.store(field_neuron_ptr + at, neuron // (n_rows * n_columns) * size * size + place, inside)
            tl.store(place_ptr + (sample * size * size + place) * n_events + event, window * n_row + column, inside)
        found += tl.sum(inside.to(tl.int32), 0)
        first += EVENTS
    if not WRITES:
        tl.store(seen_ptr + row, found)
