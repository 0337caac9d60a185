"""What is planned and is no round: when it comes, and the team's own reminder."""
