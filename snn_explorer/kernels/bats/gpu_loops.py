"""Triton inner loops of BATS: a tile of neurons, of one or more samples, through the events of these samples.

As on the processor b and g are kept at the start of the current interval: an own spike at Y = exp(-d / tau) after it
sets b = gY there, which is v = 0 at the spike, and leaves g. The backward sweep keeps F and H at the interval's start
too, so a spike at Y adds q Y^2 and q Y to them, and H / Y is H at the spike.

Tiles have the shape (SAMPLES, NEURONS); what belongs to a sample is (SAMPLES, 1). Spikes stand in tables (rank, sample,
neuron), where rank is the number of the neuron's spikes before. A tile is one warp, so that the question whether any of
its neurons spikes needs no barrier; what the next event needs is read before the present one is worked on.
"""

import triton
import triton.language as tl

CHANGING = ["first_sample", "stop_sample", "n_samples", "n_fields", "n_events", "n_row", "n_max", "room"]
"""Arguments that differ between batches and layers: a new value must not compile again."""


@triton.jit
def anywhere(condition):
    """Whether a condition holds for any neuron of the tile."""
    return tl.max(condition.to(tl.int32)) > 0  # type: ignore[operator]


@triton.jit
def decay_after(i, count, time, next_time, duration, tau):
    """End of the interval after event `i`, and its D; D is 1 where the event does not arrive."""
    end = tl.where(i + 1 < count, tl.minimum(next_time, duration), duration)
    arrives = (i < count) & (time <= duration)
    return end, tl.exp(tl.where(arrives, time - end, 0.0) / tau)


@triton.jit
def spikes_before_end(b, g, D, c):
    """Whether v >= c at the interval's end, or v has a peak of at least c inside."""
    late_g = g * D
    late = b - late_g
    peak = (late > late_g) & (b < g + g) & (b * b >= 4 * c * g)
    return (late * D >= c) | peak


@triton.jit
def first_crossing(b, g, y, D, c, floor):
    """Y of the next spike (7), between D and the latest spike's `y`, and its g_k - c."""
    floored = tl.maximum(g, floor)  # a spike has g > c, unless rounding made it
    x = tl.sqrt(tl.maximum(b * b - 4 * c * floored, 0.0))
    y = tl.maximum(tl.minimum((b + x) / (floored + floored), y), D)
    return y, tl.maximum(x * y, floor)


@triton.jit(do_not_specialize=CHANGING)
def forward_tile(
    time_ptr, neuron_ptr, count_ptr, weight_ptr, constants_ptr, n_samples, n_events, n_post, n_max, room,
    per_neuron_ptr, spike_time_ptr, y_ptr, r_ptr, interval_ptr, SAMPLES: tl.constexpr, NEURONS: tl.constexpr,
):  # fmt: skip
    """Spikes of one tile.

    Parameters
    ----------
    time_ptr, neuron_ptr : pointer, shape (B, E)
        Times and neurons of presynaptic events.
    count_ptr : pointer, shape (B,)
        Events of each sample.
    weight_ptr : pointer, shape (n_pre, n_post)
    constants_ptr : pointer, shape (4,)
        c, tau, the least g_k - c, and the duration, in the weights' dtype.
    room : int
        Spikes of each neuron that the tables have room for; more are counted, and not kept.
    per_neuron_ptr : pointer, shape (B, n_post)
        Written: spikes of each neuron.
    spike_time_ptr, y_ptr, r_ptr, interval_ptr : pointer, shape (room, B, n_post)
        Written: time, Y, r and interval of each spike.
    """
    sample = tl.program_id(0).to(tl.int64) * SAMPLES + tl.arange(0, SAMPLES)[:, None]
    lane = tl.program_id(1) * NEURONS + tl.arange(0, NEURONS)[None, :]
    c, tau, floor = tl.load(constants_ptr), tl.load(constants_ptr + 1), tl.load(constants_ptr + 2)
    duration = tl.load(constants_ptr + 3)
    is_neuron = lane < n_post
    own, rank_stride = sample * n_post + lane, tl.cast(n_samples, tl.int64) * n_post
    time_ptr, neuron_ptr = time_ptr + sample * n_events, neuron_ptr + sample * n_events
    count = tl.load(count_ptr + sample, sample < n_samples, 0)

    b = tl.zeros((SAMPLES, NEURONS), weight_ptr.dtype.element_ty)
    g, n_spikes = b, tl.zeros((SAMPLES, NEURONS), tl.int32)
    D = tl.full((SAMPLES, 1), 1.0, b.dtype)
    time, next_time = tl.load(time_ptr, count > 0, 0.0), tl.load(time_ptr + 1, count > 1, 0.0)
    first, neuron = tl.load(neuron_ptr, count > 0, 0), tl.load(neuron_ptr + 1, count > 1, 0)
    w = tl.load(weight_ptr + first.to(tl.int64) * n_post + lane, (count > 0) & is_neuron, 0.0)
    i, n_most = 0, tl.max(count)
    while i < n_most:  # type: ignore[operator]
        b, g = b * D + w, g * D * D + w
        w = tl.load(weight_ptr + neuron.to(tl.int64) * n_post + lane, (i + 1 < count) & is_neuron, 0.0)
        neuron = tl.load(neuron_ptr + i + 2, i + 2 < count, 0)
        later_time = tl.load(time_ptr + i + 2, i + 2 < count, 0.0)
        end, D = decay_after(i, count, time, next_time, duration, tau)
        y = tl.full((SAMPLES, NEURONS), 1.0, b.dtype)
        fires = spikes_before_end(b, g, D, c) & (D < 1) & (n_spikes < n_max)
        while anywhere(fires):
            crossing, excess = first_crossing(b, g, y, D, c, floor)
            y = tl.where(fires, crossing, y)
            place, kept = n_spikes * rank_stride + own, fires & (n_spikes < room)
            tl.store(spike_time_ptr + place, tl.minimum(time - tau * tl.log(y), end), kept)
            tl.store(y_ptr + place, y, kept)
            tl.store(r_ptr + place, tau / excess, kept)
            tl.store(interval_ptr + place, i, kept)
            n_spikes += fires.to(tl.int32)
            b = tl.where(fires, g * y, b)  # v = 0, exactly
            fires = fires & spikes_before_end(b, g, D, c) & (n_spikes < n_max)
        time, next_time = next_time, later_time
        i += 1
    tl.store(per_neuron_ptr + own, n_spikes, (sample < n_samples) & is_neuron)


@triton.jit(do_not_specialize=CHANGING)
def backward_tile(
    time_ptr, neuron_ptr, count_ptr, feedback_ptr, constants_ptr, first_sample, stop_sample, n_samples, n_fields,
    n_events, n_row, n_post, per_neuron_ptr, start_ptr, error_ptr, y_ptr, r_ptr, interval_ptr, change_ptr,
    time_gradient_ptr, WANTS_TIME: tl.constexpr, SAMPLES: tl.constexpr, NEURONS: tl.constexpr,
):  # fmt: skip
    """Reverse sweep of one tile, of samples from `first_sample` to `stop_sample`, exclusive.

    Parameters
    ----------
    time_ptr, neuron_ptr, count_ptr, constants_ptr, n_samples, n_events, n_post, per_neuron_ptr
        See `forward_tile`; so for `y_ptr`, `r_ptr` and `interval_ptr`.
    feedback_ptr : pointer, shape (n_pre, n_post)
    n_fields : int
        Samples that share a row of `error_ptr`: the receptive fields of one.
    error_ptr : pointer, shape (B / n_fields, n_row)
        dL/dt of each spike, by neuron and rank.
    start_ptr : pointer, shape (B, n_post)
        Column of each neuron's first spike in that.
    change_ptr : pointer, shape (stop_sample - first_sample, E, n_post)
        Written: F - H at each event, what its weights' gradients get (12), (13).
    time_gradient_ptr : pointer, shape (n_blocks, B, E)
        Written, where wanted: what each block of neurons adds to dL/dt of the events (18), (19).
    """
    sample = first_sample + tl.program_id(0).to(tl.int64) * SAMPLES + tl.arange(0, SAMPLES)[:, None]
    lane = tl.program_id(1) * NEURONS + tl.arange(0, NEURONS)[None, :]
    c, tau, duration = tl.load(constants_ptr), tl.load(constants_ptr + 1), tl.load(constants_ptr + 3)
    is_sample, is_neuron = sample < stop_sample, lane < n_post
    wanted = is_neuron & WANTS_TIME
    own, rank_stride = sample * n_post + lane, tl.cast(n_samples, tl.int64) * n_post
    time_ptr, neuron_ptr = time_ptr + sample * n_events, neuron_ptr + sample * n_events
    change_ptr += (sample - first_sample) * n_events * n_post + lane
    time_gradient_ptr += (tl.program_id(1).to(tl.int64) * n_samples + sample) * n_events
    error_ptr += sample // n_fields * n_row + tl.load(start_ptr + own, is_sample & is_neuron, 0)
    y_ptr, r_ptr, interval_ptr = y_ptr + own, r_ptr + own, interval_ptr + own
    count = tl.load(count_ptr + sample, is_sample, 0)

    rank = tl.load(per_neuron_ptr + own, is_sample & is_neuron, 0) - 1
    interval = tl.load(interval_ptr + rank * rank_stride, rank >= 0, -1)
    y, r = tl.load(y_ptr + rank * rank_stride, rank >= 0, 1.0), tl.load(r_ptr + rank * rank_stride, rank >= 0, 0.0)
    error = tl.load(error_ptr + rank, rank >= 0, 0.0)
    F = tl.zeros((SAMPLES, NEURONS), error.dtype)
    H = F
    i = tl.maximum(tl.max(count), 1) - 1
    before = tl.maximum(i - 1, 0)
    time = tl.load(time_ptr + i, i < count, 0.0)
    last, neuron = tl.load(neuron_ptr + i, i < count, 0), tl.load(neuron_ptr + before, before < count, 0)
    w = tl.load(feedback_ptr + last.to(tl.int64) * n_post + lane, (i < count) & wanted, 0.0)
    while i >= 0:
        before = tl.maximum(i - 1, 0)
        before_time = tl.load(time_ptr + before, before < count, 0.0)
        before_w = tl.load(feedback_ptr + neuron.to(tl.int64) * n_post + lane, (before < count) & wanted, 0.0)
        before = tl.maximum(i - 2, 0)
        neuron = tl.load(neuron_ptr + before, before < count, 0)
        now = interval == i
        while anywhere(now):
            q = tl.where(now, r * (error + c / tau * H / y), 0.0)  # (14), (17), (20)-(24)
            F, H = F + q * y * y, H + q * y
            rank -= now.to(tl.int32)
            place, there = rank * rank_stride, now & (rank >= 0)
            y, r = tl.load(y_ptr + place, there, y), tl.load(r_ptr + place, there, r)
            error = tl.load(error_ptr + rank, there, error)
            interval = tl.load(interval_ptr + place, there, tl.where(now, -1, interval))
            now = interval == i
        tl.store(change_ptr + tl.cast(i, tl.int64) * n_post, F - H, (i < count) & is_neuron)
        if WANTS_TIME:
            passed_back = tl.sum(w * (F + F - H), 1, keep_dims=True) / tau
            tl.store(time_gradient_ptr + i, passed_back, i < count)
        _, D = decay_after(i - 1, count, before_time, time, duration, tau)
        F, H = F * D * D, H * D
        time, w = before_time, before_w
        i -= 1


@triton.jit
def collect_tile(begin_ptr, row_ptr, change_ptr, n_post, gradient_ptr, ROWS: tl.constexpr, NEURONS: tl.constexpr):
    """Gradient of one presynaptic neuron's weights to a block of neurons: what its events changed, in a fixed order.

    Parameters
    ----------
    begin_ptr : pointer, shape (n_pre + 1,)
        Where each presynaptic neuron's events begin in `row_ptr`, and where the last one's end.
    row_ptr : pointer, shape (n,)
        Rows of `change_ptr`, by presynaptic neuron.
    change_ptr : pointer, shape (n_rows, n_post)
        See `backward_tile`.
    gradient_ptr : pointer, shape (n_pre, n_post)
        Added to.
    """
    pre = tl.program_id(0).to(tl.int64)
    lane = tl.program_id(1) * NEURONS + tl.arange(0, NEURONS)[None, :]
    is_neuron = lane < n_post
    total = tl.zeros((ROWS, NEURONS), gradient_ptr.dtype.element_ty)
    place, end = tl.load(begin_ptr + pre), tl.load(begin_ptr + pre + 1)
    while place < end:
        wanted = place + tl.arange(0, ROWS)[:, None]
        row = tl.load(row_ptr + wanted, wanted < end, 0)
        total += tl.load(change_ptr + row * n_post + lane, (wanted < end) & is_neuron, 0.0)
        place += ROWS
    gradient_ptr += pre * n_post + lane
    before = tl.load(gradient_ptr, is_neuron, 0.0)
    tl.store(gradient_ptr, before + tl.sum(total, 0, keep_dims=True), is_neuron)
