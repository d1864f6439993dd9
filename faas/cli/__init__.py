"""faas-cli for this platform: the same verbs, files, flags and output as OpenFaaS' own."""

VERSION = "0.1.0"
