"""`python -m loadtests`: run the load headless; exit 0 only when its verdict is good and everything balances."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Run Locust with USERS (default 36) users for DURATION (default 90s); return its exit code."""
    report = ROOT / "reports" / "load.html"
    report.parent.mkdir(exist_ok=True)
    users = os.environ.get("USERS", "36")
    shop = f"http://127.0.0.1:{os.environ.get('SHOP_PORT', '8000')}"
    duration = os.environ.get("DURATION", "90s")
    sys.stdout.write(f"{users} users for {duration} against {shop}; stop early with Ctrl-C.\n")
    # The users sign up one after the other within the sign-in limit, so the run begins with a slow rise.
    locust = ["locust", "-f", "loadtests/locustfile.py", "--headless", "--host", shop, "--only-summary"]
    run = [
        "--users",
        users,
        "--spawn-rate",
        users,
        "--run-time",
        duration,
        "--html",
        str(report),
        "--stop-timeout",
        "20",
    ]
    done = subprocess.run([sys.executable, "-m", *locust, *run], cwd=ROOT, check=False)
    sys.stdout.write(f"Report: {report}\n")
    audited = subprocess.run([sys.executable, "-m", "deploy", "audit"], cwd=ROOT, check=False)
    return done.returncode or audited.returncode


if __name__ == "__main__":
    sys.exit(main())
