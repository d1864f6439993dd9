"""The server in front of a handler: OpenFaaS' workload contract on bare WSGI."""
