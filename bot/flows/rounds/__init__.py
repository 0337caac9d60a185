"""A round's life: opening, asking, answering, reminding, closing, counting.

``running`` is the order of it all.
"""
