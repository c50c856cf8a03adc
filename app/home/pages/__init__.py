"""What the first pages and the frame around all of them show."""
