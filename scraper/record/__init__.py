"""The store: snapshots, changes and captures, written whole or not at all."""
