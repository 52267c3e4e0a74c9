"""From what is recorded to a static site. Never looks at a live page."""
