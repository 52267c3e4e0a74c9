"""Capture in, typed facts out. Pure: no file, no network, no clock."""

from scraper.read.reader import READER_VERSION, read

__all__ = ["READER_VERSION", "read"]
