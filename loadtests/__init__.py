"""Load against a running shop, with proof that nothing was lost or sold twice."""
