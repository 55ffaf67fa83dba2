"""Describes a picture: python with_requests.py PICTURE"""

import base64
import os
import pathlib
import sys

import requests

picture = base64.b64encode(pathlib.Path(sys.argv[1]).read_bytes()).decode()
response = requests.post(
    f"http://localhost:{os.environ.get('API_PORT', 8000)}/v1/chat/completions",
    headers={"Authorization": f"Bearer {os.environ.get('API_KEY', 'none')}"},
    json={
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": f"data:image;base64,{picture}"}},
                    {"type": "text", "text": "请帮我描述一下图像的内容。"},
                ],
            }
        ],
        "max_tokens": 200,
    },
    timeout=300,
)
if not response.ok:
    sys.exit(response.json()["error"]["message"])
print(response.json()["choices"][0]["message"]["content"])
