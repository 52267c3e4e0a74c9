"""ratewire: watches official pages and publishes what they say, with the evidence."""
