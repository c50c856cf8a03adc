"""Work that takes longer than a request: who waits for it, how far it is, and where it leads."""
