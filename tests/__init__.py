"""Tests of everything; what they import is a million objects that stay till the end."""

import gc

gc.set_threshold(100_000, 50, 100)  # while it is read, a fifth of the time went into searching them
