"""A function: what `faas-cli new` starts from."""


def handle(event, context):
    """Answer with the request's body."""
    return {"statusCode": 200, "body": event.body.decode()}
