"""Floor 0: the few inner loops of each learning system, and the only place that knows numba or Triton."""
