"""Speed and size of the running shop, beside what the machine itself can do."""
