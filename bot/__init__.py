"""Trivselsbot: check-ins and well-being dialogue (*trivsel*) in chat, from question to effect."""
