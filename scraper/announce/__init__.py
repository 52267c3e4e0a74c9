"""Tells people of each change once: outbox, digest, email, webhooks."""
