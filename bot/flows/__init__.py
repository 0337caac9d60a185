"""What happens and when. Decisions are pure functions; the rest stores what they decided.

A package for each theme; each says in its first line what lives there. What several share stands
beside them: ``front`` is the door to it all, ``commands`` and ``home`` answer a person for himself,
``notes`` puts words to what is sent, ``telling`` and ``calendars`` say when somebody may be written
to. Sending is ``bot.delivery``, showing is ``bot.platforms``.
"""
