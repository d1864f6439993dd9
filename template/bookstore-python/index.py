"""The process of a function's container."""

from workload.server import serve

if __name__ == "__main__":
    serve()
