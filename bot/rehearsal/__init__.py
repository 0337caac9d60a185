"""Trying the whole bot out: invented people, simulated colleagues, and a clock that can be moved.

Used by the demo, ``simulate`` and ``bench``; a bot that runs for real imports nothing from here.
"""
