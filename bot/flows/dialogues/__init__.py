"""The three questions: starting, writing, grouping, voting, the meeting's page, the outcome."""
