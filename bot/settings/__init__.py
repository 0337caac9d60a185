"""Settings: typed, from the environment and one file, all faults told at once.

``TRIVSELSBOT_NAME`` in the environment wins over ``name`` in the file, which wins over the default.
The file is ``trivselsbot.toml`` in the working folder, or what ``TRIVSELSBOT_SETTINGS`` names.
"""

from bot.settings.fields import PREFIX, Settings, SettingsFaults
from bot.settings.reading import read

__all__ = ["PREFIX", "Settings", "SettingsFaults", "read"]
