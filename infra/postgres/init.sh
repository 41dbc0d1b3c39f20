#!/bin/bash
# Runs once, when the database cluster is made: a database and a role for each service, each reachable by its own role only.
set -euo pipefail

create() {
  local service=$1 password=$2
  psql -v ON_ERROR_STOP=1 -v service="$service" -v password="$password" -d postgres <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
}

create account "$ACCOUNT_DATABASE_PASSWORD"
create license "$LICENSE_DATABASE_PASSWORD"
create activation "$ACTIVATION_DATABASE_PASSWORD"
create notification "$NOTIFICATION_DATABASE_PASSWORD"
