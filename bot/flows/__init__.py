"""What happens and when. Decisions are pure functions; the rest stores what they decided.

``engine`` walks a person through questions and ``selection`` chooses them; ``opening``,
``reminding`` and ``closing`` carry a round through its life, which ``rounds`` runs; ``notes`` puts
words to what is sent; ``rounds.ask_actions``, ``home``, ``team_*`` and ``group_actions`` answer what
people do, and ``front`` is the door to it all.
Sending is ``bot.delivery``, showing is ``bot.platforms``.
"""
