"""Every change of a pilot: agreed, carried out, ended, taken over."""
