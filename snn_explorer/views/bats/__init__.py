"""What the page shows of BATS: one sample, the errors of its spikes, and how the network gets better."""
