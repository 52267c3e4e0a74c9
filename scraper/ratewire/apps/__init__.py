"""What is built on the pipeline: an application each, that only `cli` knows."""
