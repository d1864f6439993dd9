"""The last lines of `make up`: where the shop is, and how to get in."""

from deploy.progress import Progress
from deploy.settings import ROOT, Settings


def report(settings: Settings, progress: Progress, proof: str) -> None:
    """Print the addresses, where the passwords lie, and how long it took."""
    secrets = (settings.state / "secrets").relative_to(ROOT)
    for line in (
        "",
        f"The shop is open: {proof}.",
        f"  Shop       {settings.shop_url}",
        f"  API        {settings.shop_url}/api/docs",
        f"  OpenFaaS   {settings.gateway_url}  (user admin, password in {secrets}/basic-auth-password)",
        f"  Admin      e-mail in {secrets}/admin-email, password in {secrets}/admin-password",
        f"  Functions  .venv/bin/faas-cli login --password-stdin < {secrets}/basic-auth-password, then list",
        f"It took {progress.seconds:.0f} s.",
    ):
        progress.say(line)
