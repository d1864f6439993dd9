"""Sellers' files: taken in parts, checked row by row, then put on sale in batches."""
