"""Tests of long work and its progress."""
