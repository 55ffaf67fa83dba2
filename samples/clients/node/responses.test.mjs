// OpenAI's client for JavaScript, unmodified: Responses, and the older completions.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { start } from "./service.mjs";

const picture = await readFile(new URL("../red-circle.png", import.meta.url));
const dataUrl = `data:image/png;base64,${picture.toString("base64")}`;
let service;
let client;

before(async () => {
  service = await start({ API_KEY: "secret" });
  client = new OpenAI({ baseURL: service.baseURL, apiKey: "secret", maxRetries: 0 });
});

after(() => service?.stop());

function ask(text, options = {}) {
  return {
    model: "shapes-vl",
    temperature: 0,
    max_output_tokens: 64,
    input: [
      {
        role: "user",
        content: [
          { type: "input_image", image_url: dataUrl, detail: "auto" },
          { type: "input_text", text },
        ],
      },
    ],
    ...options,
  };
}

test("describes a picture by a response", async () => {
  const response = await client.responses.create(ask("Describe this image."));

  assert.match(response.output_text, /red circle/);
  assert.equal(response.status, "completed");
  assert.ok(response.usage.input_tokens > 16);
});

test("describes a picture in events", async () => {
  const whole = await client.responses.create(ask("Describe this image."));
  const stream = client.responses.stream(ask("Describe this image."));
  let text = "";
  stream.on("response.output_text.delta", (event) => {
    text += event.delta;
  });
  const final = await stream.finalResponse();

  assert.equal(text, whole.output_text);
  assert.equal(final.output_text, whole.output_text);
});

test("answers in the form of a schema", async () => {
  const schema = {
    type: "object",
    properties: { round: { type: "boolean" } },
    required: ["round"],
    additionalProperties: false,
  };
  const response = await client.responses.create(
    ask("Describe this image.", { text: { format: { type: "json_schema", name: "shape", schema, strict: true } } }),
  );

  assert.equal(typeof JSON.parse(response.output_text).round, "boolean");
});

test("follows on a response, shows it again and forgets it", async () => {
  const first = await client.responses.create(ask("Describe this image."));
  const second = await client.responses.create({
    model: "shapes-vl",
    input: "Again.",
    previous_response_id: first.id,
    max_output_tokens: 8,
  });

  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  assert.equal((await client.responses.retrieve(first.id)).output_text, first.output_text);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError);
});

test("goes on with a text and its picture", async () => {
  const prompt =
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n" +
    "<|vision_start|><|image_pad|><|vision_end|>Describe this image.<|im_end|>\n<|im_start|>assistant\n";
  const completion = await client.completions.create({
    model: "shapes-vl",
    prompt,
    images: [dataUrl],
    temperature: 0,
    max_tokens: 64,
  });

  assert.match(completion.choices[0].text, /red circle/);
});
