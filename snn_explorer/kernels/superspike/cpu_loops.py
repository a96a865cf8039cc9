"""numba inner loops of the event-based update, on one block of lanes: arrays ``(steps, lanes)``, SIMD across lanes.

A lane is one neuron of one network of the ensemble. Loops read and write float32 or float64 throughout: a Python
literal would promote a float32 expression to float64, hence `one` and `zero`.
"""

import numpy as np
from numba import njit

from snn_explorer.kernels.superspike.events import EVERY_NETWORK


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def carried(before, now, reach, n_steps):
    """Events of this chunk, and those of the chunk before that were made at most `reach` steps before its end."""
    n_carried = 0
    for k in range(before.shape[1]):
        n_carried += before[0, k] >= n_steps - reach
    events = np.empty((4, n_carried + now.shape[1]), np.int32)
    events[:, n_carried:] = now
    n_carried = 0
    for k in range(before.shape[1]):
        if before[0, k] >= n_steps - reach:
            events[:, n_carried] = before[:, k]
            events[0, n_carried] -= n_steps
            n_carried += 1
    return events


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def reached(network, first, stop):
    """First and last (exclusive) of a block's networks that an event reaches."""
    if network == EVERY_NETWORK:
        return first, stop
    return max(network, first), min(network + 1, stop)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def scatter(block, first_lane, n_post, events, offset, matrix):
    """Add ``value * matrix[network, neuron, :]`` to the row ``step + offset`` of every event that falls inside."""
    n_rows, width = block.shape
    n_networks = (first_lane + width - 1) // n_post + 1
    for k in range(events.shape[1]):
        row = events[0, k] + offset
        if row < 0 or row >= n_rows:
            continue
        network, neuron, value = events[1, k], events[2, k], block.dtype.type(events[3, k])
        for r in range(*reached(network, first_lane // n_post, n_networks)):
            weights = matrix[min(r, matrix.shape[0] - 1), neuron]
            start = r * n_post - first_lane
            for i in range(max(0, -start), min(n_post, width - start)):
                block[row, start + i] += value * weights[i]


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def gather(block, first_lane, n_post, events, offset, credit):
    """Add the row ``step + offset`` of every event that falls inside to ``credit[network, neuron, :]``."""
    n_rows, width = block.shape
    n_networks = min((first_lane + width - 1) // n_post + 1, credit.shape[0])
    for k in range(events.shape[1]):
        row = events[0, k] + offset
        if row < 0 or row >= n_rows:
            continue
        network, neuron, value = events[1, k], events[2, k], block.dtype.type(events[3, k])
        for r in range(*reached(network, first_lane // n_post, n_networks)):
            synapses = credit[r, neuron]
            start = r * n_post - first_lane
            for i in range(max(0, -start), min(n_post, width - start)):
                synapses[i] += value * block[row, start + i]


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def integrate_block(
    drive, voltage, u, current, refractory, constants, refractory_steps, n_lanes, steps, lanes, n_max, n_made, starts
):
    """Run one block of neurons; writes `voltage`, appends spikes to `steps` and `lanes` and returns their count.

    With a spike budget `n_max`, `n_made` counts each lane's spikes in the running trial and `starts` ``(3, n)`` holds
    step, first lane and last (exclusive) lane of each trial start, in the order of steps. Without, all three are None:
    numba then compiles the loops without them.
    """
    leak, decay, rest, threshold = constants
    count = next_start = 0
    for t in range(drive.shape[0]):
        drive_t, voltage_t, fired = drive[t], voltage[t], 0
        if n_max is not None:
            while next_start < starts.shape[1] and starts[0, next_start] <= t:
                n_made[starts[1, next_start] : starts[2, next_start]] = 0
                next_start += 1
        for i in range(u.size):
            moved = u[i] + leak * ((rest - u[i]) + current[i])
            free = refractory[i] == 0
            spike = free & (moved > threshold)
            if n_max is not None:
                spike = spike & (n_made[i] < n_max)
                n_made[i] += spike
            moved = moved if free & (not spike) else rest
            refractory[i] = refractory_steps if spike else max(refractory[i] - 1, 0)
            u[i] = moved
            voltage_t[i] = moved
            current[i] = current[i] * decay + drive_t[i]
            fired += spike
        if fired:
            for i in range(n_lanes):
                if refractory[i] == refractory_steps:
                    steps[count], lanes[count] = t, i
                    count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def filter_errors(block, rise, error, constants, power):
    """Replace error events by the error that step's product uses (F_alpha, one step late); sum its square."""
    rise_gain, decay_gain = constants
    for t in range(block.shape[0]):
        row = block[t]
        for i in range(rise.size):
            event, row[i] = row[i], error[i]
            power[i] += error[i] * error[i]
            rise[i] += rise_gain * (event - rise[i])
            error[i] += decay_gain * (rise[i] - error[i])


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def sum_activity(block, spikes, rate, rate_decay, exponent, error_dependent, product_floor, activity):
    """Sum zeta^a or zeta^a e^2 over steps whose error in `block` is not below `product_floor`; `spikes` are its own."""
    one, zero = block.dtype.type(1), block.dtype.type(0)
    for t in range(block.shape[0]):
        error_t, spikes_t = block[t], spikes[t]
        for i in range(rate.size):
            power = one
            for _ in range(exponent):
                power *= rate[i]
            if error_dependent:
                power *= error_t[i] * error_t[i]
            activity[i] += zero if abs(error_t[i]) < product_floor else power
            rate[i] = rate_decay * (rate[i] + spikes_t[i])


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def credit_block(block, voltage, surrogate, steepness, constants, state):
    """Replace the error e by the credit q, backwards in time.

    Row t of `voltage` is the step whose coincidence meets the error in row t of `block`, `eligibility_lag` steps
    earlier. `surrogate` is its number in `surrogates.SURROGATES`. `state` ``(4, width)`` holds the adjoints of lambda,
    l, z~ and z, and starts at zero.
    """
    rise_decay, decay_gain, threshold, floor, product_floor = constants
    one, zero = block.dtype.type(1), block.dtype.type(0)
    keep = one - decay_gain
    error_slow, error_fast, pre_slow, pre_fast = state[0], state[1], state[2], state[3]
    # An array of steps, not a range: LLVM hoists the aliasing check of a descending range, where it always fails,
    # and the loop over lanes then runs unvectorised, four times slower.
    for t in np.arange(block.shape[0] - 1, -1, -1):
        row, voltage_t = block[t], voltage[t]
        for i in range(steepness.size):
            e = zero if abs(row[i]) < product_floor else row[i]
            row[i] = rise_decay * pre_fast[i]
            error_slow[i] = e + keep * error_slow[i]
            error_fast[i] = decay_gain * error_slow[i] + rise_decay * error_fast[i]
            h = one + abs(steepness[i] * (voltage_t[i] - threshold))
            if surrogate == 0:
                derivative = one / (h * h)
            elif surrogate == 1:
                derivative = np.exp(one - h)
            else:
                derivative = one
            derivative = zero if voltage_t[i] < floor else derivative
            pre_fast[i] = rise_decay * pre_fast[i] + decay_gain * pre_slow[i]
            pre_slow[i] = derivative * error_fast[i] + keep * pre_slow[i]
