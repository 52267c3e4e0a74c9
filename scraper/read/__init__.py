"""Capture in, typed facts out. Pure: no file, no network, no clock."""
