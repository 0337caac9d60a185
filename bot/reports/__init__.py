"""What is made out of published figures: charts now; exports and yearly material later.

Nothing here reads an answer: it starts from labels that may be shown. Sending is ``bot.delivery``.
"""
