"""Slack's limits, all in one place. Nothing else in the bot names one of these numbers.

Characters are counted as Slack's own programs count them, in UTF-16 units (``escape.size``).
Source: the Block Kit reference and the errors Slack answers with; a test compares them with
``slack_sdk`` and with the comments of npm's ``@slack/types``. What is done with a text that is too
long is decided where it is drawn: split where it can be, else shortened with "…".
"""

# --- A message or a view as a whole -------------------------------------------------------------

MESSAGE_BLOCKS = 50
MESSAGE_TABLES = 1
MESSAGE_BYTES = 12_000
"""A message's blocks together, as JSON. Slack publishes no number and answers
``msg_blocks_too_long`` somewhere above 13,000; block ids it adds itself are part of it."""
MESSAGE_TEXT = 3_000
"""The fallback. Slack cuts at 40,000; a notification needs a line."""
VIEW_BLOCKS = 100
VIEW_BYTES = 200_000
"""A view may have 250 KB, with what Slack adds to it."""
DEEPEST = 3
"""Modals one on another."""
METADATA = 3_000
MODAL_TITLE = 24
"""Also the labels of a modal's two buttons."""
ID = 255
"""``block_id``, ``action_id`` and ``callback_id``."""

# --- Blocks -------------------------------------------------------------------------------------

TEXT = 3_000
"""Any text object that has no smaller limit: sections and contexts."""
RICH_TEXT = 3_000
"""One piece of rich text. Slack publishes no number; it is held to what a section has."""
HEADER = 150
ACTIONS = 25
TABLE_ROWS = 100
TABLE_COLUMNS = 20
ALT = 2_000
IMAGE_TITLE = 2_000
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
BLOCK_BYTES = 9_000
"""What one block may take of a message. Our own: a block can never be too large for a page."""

# --- Elements -----------------------------------------------------------------------------------

BUTTON = 75
"""A button's label, and what a screen reader says instead."""
BUTTON_VALUE = 2_000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
"""What is asked before a button does something, and its two ways on."""
URL = 3_000
OPTION = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
OPTIONS = 100
"""Options of a list, and of what a search finds."""
PLACEHOLDER = 150
FEW_OPTIONS = 10
"""Radio buttons and check boxes."""
TYPED = 3_000
"""What one can type into a box."""
