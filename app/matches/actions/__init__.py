"""Everything that changes matches: what the machine found, and what people make of it."""
