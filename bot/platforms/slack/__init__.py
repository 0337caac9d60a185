"""Slack: cards drawn as Block Kit, what Slack tells translated for the flows, messages sent.

``adapter`` puts it together; ``listening`` and ``edge`` take things in, ``hearing`` answers them
and ``showing`` shows the answer; ``delivery`` sends. The other modules each know one thing.
"""
