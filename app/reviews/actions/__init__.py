"""Every change around decisions: begun, prepared one by one, released together, accepted."""
