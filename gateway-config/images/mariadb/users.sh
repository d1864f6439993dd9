#!/bin/sh
# Print the SQL that makes databases and users as the secrets in a folder say, one statement a line.
# A file `<name>-db` holds mysql://user:password@host:port/database; the name's ending decides what the user may do.
set -eu
secrets=$1

quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/[\\\\']/\\\\&/g")"; }

grant_table() { # database table rights user
    # A grant on a table that migrations have yet to make is accepted only together with CREATE.
    echo "GRANT CREATE, $3 ON \`$1\`.\`$2\` TO $4;"
    echo "REVOKE CREATE ON \`$1\`.\`$2\` FROM $4;"
}

grant() { # kind database user
    case $1 in
    *-ddl) echo "GRANT ALL PRIVILEGES ON \`$2\`.* TO $3;" ;;
    *-relay) grant_table "$2" outbox "SELECT, UPDATE, DELETE" "$3" ;;
    *-search)
        grant_table "$2" books "SELECT" "$3"
        grant_table "$2" search_queue "SELECT, DELETE" "$3"
        ;;
    *) echo "GRANT SELECT, INSERT, UPDATE, DELETE ON \`$2\`.* TO $3;" ;;
    esac
}

# Only root on the socket is kept: the others that an installation brings have no password.
echo "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';"
echo "DELETE FROM mysql.proxies_priv WHERE Host <> 'localhost';"
echo "FLUSH PRIVILEGES;"
echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "$(cat "$secrets/mariadb-root")");"
for file in "$secrets"/*-db; do
    [ -e "$file" ] || continue
    url=$(sed 's|^mysql://||' "$file")
    user=${url%%:*}
    rest=${url#*:}
    password=${rest%%@*}
    database=${url##*/}
    account="$(quoted "$user")@'%'"
    echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"
    echo "CREATE USER IF NOT EXISTS $account;"
    echo "ALTER USER $account IDENTIFIED BY $(quoted "$password");"
    grant "$(basename "$file" -db)" "$database" "$account"
done
