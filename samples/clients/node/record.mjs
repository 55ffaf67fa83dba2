// Lets the model shapes-tools record the shapes of a picture: node record.mjs PICTURE
import { readFile } from "node:fs/promises";
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: `http://localhost:${process.env.API_PORT ?? 8000}/v1`,
  apiKey: process.env.API_KEY ?? "none",
});
const picture = (await readFile(process.argv[2])).toString("base64");
const shapes = [];
const runner = client.chat.completions.runTools({
  model: (await client.models.list()).data[0].id,
  temperature: 0,
  messages: [
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: `data:image;base64,${picture}` } },
        { type: "text", text: "Record the shapes." },
      ],
    },
  ],
  tools: [
    {
      type: "function",
      function: {
        name: "record_shape",
        description: "Records a shape of the picture.",
        parameters: {
          type: "object",
          properties: { color: { type: "string" }, shape: { type: "string" } },
          required: ["color", "shape"],
        },
        parse: JSON.parse,
        function(shape) {
          console.log("record_shape", shape);
          return { number: shapes.push(shape) };
        },
      },
    },
  ],
});
console.log(await runner.finalContent());
