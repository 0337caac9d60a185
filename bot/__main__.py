"""``python -m bot`` is ``trivselsbot``."""

from bot.cli import main

main()
