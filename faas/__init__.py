"""OpenFaaS for Docker Swarm: gateway, provider, autoscaler, connector and command line. It knows nothing of books."""

__version__ = "0.1.0"
