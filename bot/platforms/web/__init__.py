"""The built-in web chat: pages for people whose workplace has neither Slack nor Teams.

``app`` builds it; ``port`` says what it needs. Drawing is pure (``render``), requests are read in
``inbound``; what happens after a click is decided behind ``port.Front``.
"""
