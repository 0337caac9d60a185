"""When things are due: calendars of working days, recurring rules, and the tick that acts on them.

``calendar`` and ``cadence`` are pure: the same local rule, zone, working days and holidays always
give the same instants. Whatever claims rows or starts rounds lives beside them, never in them.
"""
