"""Polite HTTP: official page in, capture out."""
