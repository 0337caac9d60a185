"""Did it work? Asking, counting, showing before and after, deciding, sharing what works."""
