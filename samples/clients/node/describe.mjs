// Describes a picture, word by word: node describe.mjs PICTURE
import { readFile } from "node:fs/promises";
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: `http://localhost:${process.env.API_PORT ?? 8000}/v1`,
  apiKey: process.env.API_KEY ?? "none",
});
const picture = (await readFile(process.argv[2])).toString("base64");
const stream = await client.chat.completions.create({
  model: (await client.models.list()).data[0].id,
  messages: [
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: `data:image;base64,${picture}` } },
        { type: "text", text: "Describe this image." },
      ],
    },
  ],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}
console.log();
