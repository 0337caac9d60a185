"""The outbox's other end: takes what is due, hands it to a platform, and notes what came of it."""
