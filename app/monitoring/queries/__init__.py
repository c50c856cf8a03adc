"""Every SELECT of monitoring."""
