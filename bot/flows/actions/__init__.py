"""Actions: the form, the card, the moves, what is said when, the board, the history, the export."""
