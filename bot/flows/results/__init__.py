"""Published results: reading what is kept, wording it, drawing it, and how to talk about it."""
