"""Describes a picture, word by word: python with_openai.py PICTURE"""

import base64
import os
import pathlib
import sys

from openai import OpenAI

client = OpenAI(
    base_url=f"http://localhost:{os.environ.get('API_PORT', 8000)}/v1",
    api_key=os.environ.get("API_KEY", "none"),
)
model = client.models.list().data[0].id
picture = base64.b64encode(pathlib.Path(sys.argv[1]).read_bytes()).decode()
stream = client.chat.completions.create(
    model=model,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": f"data:image;base64,{picture}"}},
                {"type": "text", "text": "Describe this image."},
            ],
        }
    ],
    max_tokens=200,
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
