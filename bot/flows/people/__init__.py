"""People and tree from a CSV file: reading, planning the difference, applying it, and who leaves."""
