"""What every test may use."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # tests/town.py, shared by the folders below

settings.register_profile("steady", deadline=None)  # no test times anything: machines are shared
settings.load_profile("steady")
