"""`python -m scraper` is `ratewire`."""

from scraper.cli import app

app(prog_name="ratewire")
