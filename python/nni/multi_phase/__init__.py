"""How multi-phase tuners were written before NNI 0.9."""
