"""What the folders below share lies here: people, actions and rounds made for them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
