"""The provider: OpenFaaS' control plane over the Docker API, and the way in to functions that sleep."""
