"""Load the demo catalog, once per database: `python -m bookstore.demo`."""

import sys

from bookstore.demo.loader import load

if __name__ == "__main__":
    count = load()
    sys.stdout.write(f"{count} books are on sale.\n" if count else "The demo catalog was loaded before.\n")
