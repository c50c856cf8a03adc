"""Pilots as the API shows and takes them."""
