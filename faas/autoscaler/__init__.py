"""Gives every function the replicas that its load asks for."""
