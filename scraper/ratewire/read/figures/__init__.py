"""What figures a page prints, in order and each with its place, before any meaning."""

from ratewire.read.figures.inventory import Spot, inventory, number_cells

__all__ = ["Spot", "inventory", "number_cells"]
