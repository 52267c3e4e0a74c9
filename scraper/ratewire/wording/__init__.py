"""How facts and changes are put into words, for every page, feed, message and terminal alike."""
