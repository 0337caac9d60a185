"""``trivselsbot bench``: how fast the whole bot is, each figure beside what it is measured against.

``figures`` says what a figure is, ``run`` what is wanted; the others measure: ``answers`` and
``raw`` (answering), ``rounds`` (closing, an idle tick), ``process`` (start-up, memory).
"""
