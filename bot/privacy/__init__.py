"""Ballots and their keys, and the rules for what a closed round may tell.

Pure but for the key folder's files (``keys``). Tables, the closing flow and wording live elsewhere.
"""
