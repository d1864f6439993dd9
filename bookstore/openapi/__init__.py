"""The API's description: an OpenAPI 3.1 document made from the models and stack.yml, and a page to read it."""
