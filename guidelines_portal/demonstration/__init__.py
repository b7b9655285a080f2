"""The demonstration: fictional people, a text of our own in the real shape, three rounds of consultation."""
