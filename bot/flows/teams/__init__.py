"""The lead's page and forms: starting, planning, pausing, the team's rules."""
