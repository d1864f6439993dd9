"""The relay: takes committed events from the outbox of every domain to RabbitMQ, at least once."""
