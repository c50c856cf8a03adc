"""The whole lives of challenges, by program and in a browser, with the same result."""
