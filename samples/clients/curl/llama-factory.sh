#!/bin/sh
# The call that LLaMA-Factory's users send. The picture is named by its path, so the service must be started with
# API_ALLOWED_DIRECTORIES=samples/clients; API_MODEL_NAME gives the model the name that the calls write.
curl "http://localhost:${API_PORT:-8000}/v1/chat/completions" \
    -H "Content-Type: application/json" \
    -d '{
        "model": "shapes-vl",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "<image>请帮我描述一下图像的内容。"},
                    {"type": "image_url", "image_url": {"url": "samples/clients/red-circle.png"}}
                ]
            }
        ]
    }'
