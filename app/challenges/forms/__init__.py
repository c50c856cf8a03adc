"""What people may type about challenges."""
