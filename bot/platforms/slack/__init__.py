"""Slack: cards drawn as Block Kit. Translating what comes in is the adapter's, not here yet."""
