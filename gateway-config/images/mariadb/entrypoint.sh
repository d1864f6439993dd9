#!/bin/sh
# Start MariaDB: make the data folder when there is none, and set every user from the secrets of this start.
set -eu
data=/var/lib/mysql
if [ ! -d "$data/mysql" ]; then
    # Made aside and moved with the system tables last, so that an interrupted first start is repeated from its start.
    rm -rf "$data/.new"
    mariadb-install-db --datadir="$data/.new" --skip-test-db --auth-root-authentication-method=normal > /dev/null
    find "$data/.new" -mindepth 1 -maxdepth 1 ! -name mysql -exec mv -f -t "$data" {} +
    mv "$data/.new/mysql" "$data/mysql"
    rmdir "$data/.new"
fi
umask 077
users.sh /run/secrets > /run/mysqld/users.sql
exec mariadbd --init-file=/run/mysqld/users.sql "$@"
