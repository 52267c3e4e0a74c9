"""What figures a page prints, in order and each with its place, before any meaning."""

from scraper.read.figures.inventory import Spot, inventory, with_spots

__all__ = ["Spot", "inventory", "with_spots"]
