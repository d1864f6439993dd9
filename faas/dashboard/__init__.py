"""The page for operators: what runs, how it does, and why it was scaled. It asks its neighbors over HTTP."""
