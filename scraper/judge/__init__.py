"""Is this capture the page at all? Only a genuine one is read."""
