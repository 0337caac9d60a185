"""People and tree from a CSV file: reading, planning the difference, applying it, who leaves."""
