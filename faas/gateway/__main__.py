"""Run the gateway: `python -m faas.gateway`."""

import sys

from faas.gateway.configuration import CONFIGURATION
from faas.gateway.settings import Settings
from faas.gateway.supervisor import Supervisor, prepare

if __name__ == "__main__":
    settings = Settings.from_environment()
    sys.exit(abs(Supervisor(settings, prepare(settings).current / CONFIGURATION).wait()))
