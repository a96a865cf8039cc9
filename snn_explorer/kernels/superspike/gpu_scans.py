"""Triton kernels: the recursions of :mod:`.interface` over all steps of a chunk, state in registers.

A lane is one neuron of one network, a program runs `BLOCK` lanes, and arrays are ``(R, steps, n_post)``. A step needs
the one before, so a program is bound by the latency of memory: loops are pipelined, rows of later steps on their way
while one is computed. Constants come in arrays: a Python float would be made a float32.
"""

# pyright: reportGeneralTypeIssues=false
# (Triton's ranges are no iterators to a type checker.)

import triton
import triton.language as tl

BLOCK = 32
"""Lanes in a program: those of one warp."""

STAGES = tl.constexpr(32)
"""Steps whose rows are under way at the same time: memory answers after some 20 to 30 steps."""


@triton.jit
def first_element(lane, n_post, n_rows):
    """Index of each lane's neuron in the first row of an array ``(R, n_rows, n_post)``."""
    network = (lane // n_post).to(tl.int64)
    return network * n_rows * n_post + lane % n_post


@triton.jit
def integrate(
    drive, starts, voltage, spikes, u_state, current_state, refractory_state, n_made_state, constants,
    n_lanes, n_post, n_steps, n_before, refractory_steps, n_max, HAS_BUDGET: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Membranes and spikes of one chunk.

    `drive` holds what arrives; `voltage` has `n_before` rows of earlier chunks first; `starts` ``(R, n_steps)`` says
    where trials start, for the spike budget.
    """
    lane = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    real = lane < n_lanes
    leak, decay = tl.load(constants), tl.load(constants + 1)
    rest, threshold = tl.load(constants + 2), tl.load(constants + 3)
    u = tl.load(u_state + lane, real)
    current = tl.load(current_state + lane, real)
    refractory = tl.load(refractory_state + lane, real)
    n_made = tl.zeros_like(refractory)
    if HAS_BUDGET:
        n_made = tl.load(n_made_state + lane, real)
    here = first_element(lane, n_post, n_steps)
    drive += here
    spikes += here
    voltage += first_element(lane, n_post, n_before + n_steps) + n_before * n_post
    starts += (lane // n_post).to(tl.int64) * n_steps
    for t in tl.range(0, n_steps, num_stages=STAGES):
        row = t * n_post
        arriving = tl.load(drive + row, real)
        u += leak * ((rest - u) + current)
        free = refractory == 0
        spike = free & (u > threshold)
        if HAS_BUDGET:
            n_made = tl.where(tl.load(starts + t, real) != 0, 0, n_made)
            spike = spike & (n_made < n_max)
            n_made += spike.to(tl.int32)
        u = tl.where(free & ~spike, u, rest)
        refractory = tl.where(spike, refractory_steps, tl.maximum(refractory - 1, 0))
        current = decay * current + arriving
        tl.store(voltage + row, u, real)
        tl.store(spikes + row, spike.to(spikes.dtype.element_ty), real)
    tl.store(u_state + lane, u, real)
    tl.store(current_state + lane, current, real)
    tl.store(refractory_state + lane, refractory, real)
    if HAS_BUDGET:
        tl.store(n_made_state + lane, n_made, real)


@triton.jit
def filter_errors(
    events, own, error, rise_state, error_state, rate_state, power, activity, constants,
    n_lanes, n_post, n_steps, EXPONENT: tl.constexpr, ERROR_DEPENDENT: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Write the error e that each step's product uses, one step late, and sum its square.

    With an `EXPONENT` of 0 or more also sum zeta^a or zeta^a e^2, of the layer's `own` spikes.
    """
    lane = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    real = lane < n_lanes
    rise_gain, decay_gain = tl.load(constants), tl.load(constants + 1)
    rate_decay, floor = tl.load(constants + 2), tl.load(constants + 3)
    rise = tl.load(rise_state + lane, real)
    e = tl.load(error_state + lane, real)
    rate = tl.load(rate_state + lane, real)
    total, total_activity = tl.zeros_like(e), tl.zeros_like(e)
    here = first_element(lane, n_post, n_steps)
    events += here
    error += here
    own += here
    for t in tl.range(0, n_steps, num_stages=STAGES):
        row = t * n_post
        event = tl.load(events + row, real)
        tl.store(error + row, e, real)
        total += e * e
        if EXPONENT >= 0:
            zeta = tl.zeros_like(e) + 1
            for _ in tl.static_range(EXPONENT):
                zeta *= rate
            if ERROR_DEPENDENT:
                zeta *= e * e
            total_activity += tl.where(tl.abs(e) < floor, 0, zeta)
            rate = rate_decay * (rate + tl.load(own + row, real))
        rise += rise_gain * (event - rise)
        e += decay_gain * (rise - e)
    tl.store(rise_state + lane, rise, real)
    tl.store(error_state + lane, e, real)
    tl.store(power + lane, total, real)
    if EXPONENT >= 0:
        tl.store(rate_state + lane, rate, real)
        tl.store(activity + lane, total_activity, real)


@triton.jit
def credit(
    q, error, voltage, steepness, constants,
    n_lanes, n_post, n_steps, n_carry, n_voltage, SURROGATE: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """The credit q of `n_carry` steps before the chunk, whose error is 0, and of the chunk, backwards in time.

    Row t of `voltage` ``(R, n_voltage, n_post)`` is the step whose coincidence meets the error of row t of `q`.
    """
    lane = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    real = lane < n_lanes
    rise_decay, decay_gain, threshold = tl.load(constants), tl.load(constants + 1), tl.load(constants + 2)
    surrogate_floor, product_floor = tl.load(constants + 3), tl.load(constants + 4)
    keep = 1 - decay_gain
    beta = tl.load(steepness + lane, real)
    error_slow, error_fast = tl.zeros_like(beta), tl.zeros_like(beta)
    pre_slow, pre_fast = tl.zeros_like(beta), tl.zeros_like(beta)
    n_rows = n_carry + n_steps
    error += first_element(lane, n_post, n_steps) - n_carry * n_post
    voltage += first_element(lane, n_post, n_voltage)
    q += first_element(lane, n_post, n_rows)
    for back in tl.range(1, n_rows + 1, num_stages=STAGES):
        t = n_rows - back
        row = t * n_post
        e = tl.load(error + row, real & (t + tl.zeros_like(lane) >= n_carry), other=0)
        v = tl.load(voltage + row, real)
        tl.store(q + row, rise_decay * pre_fast, real)
        error_slow = tl.where(tl.abs(e) < product_floor, 0, e) + keep * error_slow
        error_fast = decay_gain * error_slow + rise_decay * error_fast
        h = 1 + tl.abs(beta * (v - threshold))
        if SURROGATE == 0:
            derivative = 1 / (h * h)
        elif SURROGATE == 1:
            derivative = tl.exp(1 - h)
        else:
            derivative = tl.zeros_like(h) + 1
        derivative = tl.where(v < surrogate_floor, 0, derivative)
        pre_fast = rise_decay * pre_fast + decay_gain * pre_slow
        pre_slow = derivative * error_fast + keep * pre_slow
