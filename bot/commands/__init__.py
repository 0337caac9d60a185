"""The commands of ``trivselsbot``, one module a theme; ``bot.cli`` gathers them."""
