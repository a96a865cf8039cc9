"""numba loops that sort events into receptive fields: each event goes to the windows that see it, and to no other.

`windows` holds rows and columns of the maps, rows and columns of windows, and their size, stride and padding.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, inline="always")
def seen_by(position, n_windows, size, stride):
    """First and last (exclusive) window, along one side, that sees a position counted from the padding's edge."""
    return max((position - size + stride) // stride, 0), min(position // stride + 1, n_windows)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def count_events(samples, neuron, count, windows, seen):
    """Add the events of some samples to `seen` ``(B, P)``."""
    n_rows, n_columns, windows_down, windows_across, size, stride, padding = windows
    for s in samples:
        for i in range(count[s]):
            pixel = neuron[s, i] % (n_rows * n_columns)
            top, bottom = seen_by(pixel // n_columns + padding, windows_down, size, stride)
            left, right = seen_by(pixel % n_columns + padding, windows_across, size, stride)
            for row in range(top, bottom):
                for column in range(left, right):
                    seen[s, row * windows_across + column] += 1


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def append_events(samples, time, neuron, count, windows, field_time, field_neuron, place):
    """Write the fields of some samples, see `receptive_fields.Fields`; what is not written to holds anything before."""
    n_rows, n_columns, windows_down, windows_across, size, stride, padding = windows
    n_fields, n_row = windows_down * windows_across, field_time.shape[1]
    filled = np.empty(n_fields, np.int32)
    for s in samples:
        filled[:] = 0
        place[s] = n_fields * n_row
        for i in range(count[s]):
            map_, pixel = divmod(neuron[s, i], n_rows * n_columns)
            y, x = pixel // n_columns + padding, pixel % n_columns + padding
            top, bottom = seen_by(y, windows_down, size, stride)
            left, right = seen_by(x, windows_across, size, stride)
            for row in range(top, bottom):
                for column in range(left, right):
                    window = row * windows_across + column
                    inside = (y - row * stride) * size + x - column * stride
                    field, k = s * n_fields + window, filled[window]
                    field_time[field, k], field_neuron[field, k] = time[s, i], map_ * size * size + inside
                    place[s, inside, i] = window * n_row + k
                    filled[window] = k + 1
        for window in range(n_fields):
            field_time[s * n_fields + window, filled[window] :] = np.inf
            field_neuron[s * n_fields + window, filled[window] :] = 0
