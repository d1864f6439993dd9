#!/bin/sh
# Start RabbitMQ with the users and passwords of this start's secrets; the data and the cookie stay on the volume.
set -eu
umask 077
definitions.sh /run/secrets > /run/rabbitmq/definitions.json
exec rabbitmq-server "$@"
