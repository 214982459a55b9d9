#!/bin/sh
# Runs a tool twice by curl: the second request gets the outcome of the first one.
#
#   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
#   MESH_KEY   a key with the scope calls:write; by default the key of `npm start`
set -eu

mesh="${MESH_URL:-http://127.0.0.1:8080}"
key="${MESH_KEY:-$(cat .mesh/data/api-key)}"
run="run-$$-$(date +%s)"

call() {
  curl -sS "$mesh/v1/tools/slack_post_message/execute" \
    -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -H 'Prefer: wait=20' \
    -d "{\"user_id\":\"ada\",\"agent\":{\"id\":\"curl\",\"run_id\":\"$run\"},
         \"arguments\":{\"channel\":\"#releases\",\"text\":\"Build 816 is green.\"}}"
  echo
}

# 1. The call reaches the provider.
call
# 2. A repetition within the run does not: its outcome says "replayed":true.
call
