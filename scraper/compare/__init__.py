"""Snapshot and new facts in, trusted changes out. Pure."""
