"""The work-environment group's digest, its channel and its board."""
