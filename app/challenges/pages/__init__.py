"""What the pages of challenges show."""
