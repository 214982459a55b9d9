#!/usr/bin/env sh
# Declares a trigger, signs a request as GitHub does, and waits for the call that it starts. Needs curl and openssl.
set -eu
url=${MESH_URL:-http://127.0.0.1:8080}
key=${MESH_KEY:-$(cat .mesh/data/api-key)}
secret=$(openssl rand -hex 32)
id=$(openssl rand -hex 16)

# 1. The declaration: who signs, for which user calls run, and which calls.
curl -sf -X PUT "$url/v1/triggers/repository_pushed" \
  -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d @- <<JSON
{
  "scheme": "github",
  "secrets": ["$secret"],
  "user_id": "ada",
  "calls": [
    {
      "for_each": "commits",
      "tool": "slack_post_message",
      "arguments": "{\"channel\": \"#commits\", \"text\": \$item.message & \" by \" & pusher.name}"
    }
  ]
}
JSON
echo

# 2. The request of the other system: its signature covers the bytes of the body.
body='{"pusher":{"name":"ada"},"commits":[{"message":"sign requests"}]}'
signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$secret" | sed 's/^.* //')
deliver() {
  curl -s "$url/hooks/default/repository_pushed" -H 'Content-Type: application/json' \
    -H 'X-GitHub-Event: push' -H "X-GitHub-Delivery: $id" -H "X-Hub-Signature-256: sha256=$signature" -d "$body"
}
# A gateway knows a new trigger within a moment.
tries=0
until answer=$(deliver) && printf %s "$answer" | grep -q '"delivery_id"'; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || { echo "$answer"; exit 1; }
  sleep 0.2
done
echo "$answer"
# The same delivery again starts nothing.
deliver
echo

# 3. What became of it.
tries=0
until found=$(curl -sf "$url/v1/triggers/repository_pushed/deliveries?state=started&limit=1" -H "Authorization: Bearer $key") &&
  printf %s "$found" | grep -q "$id"; do
  tries=$((tries + 1))
  [ "$tries" -lt 150 ] || { echo "$found"; exit 1; }
  sleep 0.2
done
echo "$found"
