#!/bin/sh
# Sends a picture inside the request, and shows the answer as it is made.
picture=${1:?name a picture}
printf '{"stream": true, "messages": [{"role": "user", "content": [
    {"type": "image_url", "image_url": {"url": "data:image;base64,%s"}},
    {"type": "text", "text": "Describe this image."}]}]}' "$(base64 <"$picture" | tr -d '\n')" |
    curl --no-buffer "http://localhost:${API_PORT:-8000}/v1/chat/completions" \
        -H "Content-Type: application/json" \
        -H "Authorization: Bearer ${API_KEY:-none}" \
        -d @-
