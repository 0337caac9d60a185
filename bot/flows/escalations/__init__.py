"""What a team cannot solve itself: passing it on, and the answer that comes back."""
