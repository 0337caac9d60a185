"""What the bot asks and says: content packs, read, checked, and put into words.

``loader`` reads a pack and an organisation's own folders into a ``model.Pack``, or raises every
fault at once; ``words`` fills messages in one language; ``preview`` shows an instrument in a
terminal. Which texts exist is a matter for ``content/``; when they are sent, for ``bot.flows``.
"""
