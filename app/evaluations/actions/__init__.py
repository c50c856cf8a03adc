"""Everything that changes a panel and what it thinks."""
