#!/bin/sh
# Print RabbitMQ's definitions for the secrets in a folder: `rabbitmq-<user>` holds amqp://user:password@host:port/vhost.
set -eu
secrets=$1

password() { sed 's|^amqp://[^:]*:||; s|@.*||' "$secrets/rabbitmq-$1"; }
user() { printf '{"name":"%s","password":"%s","tags":[%s]}' "$1" "$(password "$1")" "$2"; }
permission() { printf '{"user":"%s","vhost":"/","configure":"%s","write":"%s","read":"%s"}' "$1" "$2" "$2" "$2"; }

cat <<END
{
 "vhosts": [{"name": "/", "default_queue_type": "quorum"}],
 "users": [
  $(user admin '"administrator"'),
  $(user connector ''),
  $(user relay '')
 ],
 "permissions": [
  $(permission admin '.*'),
  $(permission connector '.*'),
  $(permission relay '^bookstore\\..*')
 ]
}
END
