"""Platforms: each translates between a chat platform and the flows, acknowledges, nothing else.

Every platform draws the same cards (``bot.cards``) and speaks the same inbound messages. No
decision about people, rounds or answers is made here, and no database is known here.
"""
