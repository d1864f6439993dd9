"""The connector: calls functions for the messages that their `topic` asks for and at the times of `schedule`."""
