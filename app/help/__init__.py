"""Help for newcomers: what our words mean, and a ten-minute guide for each role."""
