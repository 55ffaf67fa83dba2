// OpenAI's client for JavaScript, unmodified, against the application.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { start } from "./service.mjs";

const picture = await readFile(new URL("../red-circle.png", import.meta.url));
const dataUrl = `data:image/png;base64,${picture.toString("base64")}`;
let service;
let client;

before(async () => {
  service = await start({ API_KEY: "secret", API_ALLOW_PRIVATE_ADDRESSES: "true" });
  client = new OpenAI({ baseURL: service.baseURL, apiKey: "secret", maxRetries: 0 });
});

after(() => service?.stop());

function ask(text, urls = [dataUrl], options = {}) {
  const pictures = urls.map((url) => ({ type: "image_url", image_url: { url } }));
  return {
    model: "shapes-vl",
    temperature: 0,
    max_tokens: 64,
    messages: [{ role: "user", content: [...pictures, { type: "text", text }] }],
    ...options,
  };
}

test("describes a picture", async () => {
  const completion = await client.chat.completions.create(ask("Describe this image."));

  assert.match(completion.choices[0].message.content, /red circle/);
  assert.equal(completion.choices[0].finish_reason, "stop");
  assert.equal(completion.choices[0].message.tool_calls, null);
  assert.ok(completion.usage.prompt_tokens > 16);
});

test("describes a picture in pieces, and tells the usage", async () => {
  const whole = await client.chat.completions.create(ask("Describe this image."));
  const stream = await client.chat.completions.create(
    ask("Describe this image.", [dataUrl], { stream: true, stream_options: { include_usage: true } }),
  );
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }

  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(chunks.at(-1).usage, whole.usage);
});

test("can be left in the middle of a stream", async () => {
  const stream = await client.chat.completions.create(
    ask("Describe this image.", [dataUrl], { stream: true, max_tokens: 3900, ignore_eos: true }),
  );
  let seen = 0;
  for await (const chunk of stream) {
    if (++seen === 3) {
      stream.controller.abort();
    }
  }
  assert.ok(seen < 100);
});

test("looks at several pictures", async () => {
  const one = await client.chat.completions.create(ask("Describe."));
  const two = await client.chat.completions.create(ask("Describe.", [dataUrl, dataUrl]));

  assert.ok(two.usage.prompt_tokens >= one.usage.prompt_tokens + 16);
});

test("fetches a picture by URL", async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "image/png" }).end(picture);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/picture.png`;
    const completion = await client.chat.completions.create(ask("Describe this image.", [url]));
    assert.match(completion.choices[0].message.content, /red circle/);
  } finally {
    server.close();
  }
});

test("takes tools", async () => {
  const tools = [{ type: "function", function: { name: "paint", parameters: { type: "object", properties: {} } } }];
  const completion = await client.chat.completions.create(ask("Describe this image.", [dataUrl], { tools }));

  // The small model was never taught to call one.
  assert.ok(["stop", "length"].includes(completion.choices[0].finish_reason));
});

test("lists the models", async () => {
  const models = await client.models.list();

  assert.deepEqual(models.data.map((model) => model.id), ["shapes-vl"]);
  assert.equal((await client.models.retrieve("shapes-vl")).object, "model");
});

const refusals = [
  ["BadRequestError", () => ask("Hi", [dataUrl], { temperature: 9 })],
  ["NotFoundError", () => ask("Hi", [dataUrl], { model: "gpt-4o" })],
  ["BadRequestError", () => ask("Hi", ["data:image/png;base64,AAAA"])],
];
for (const [name, request] of refusals) {
  test(`throws ${name}`, async () => {
    await assert.rejects(client.chat.completions.create(request()), (error) => {
      assert.ok(error instanceof OpenAI[name], `${error}`);
      assert.ok(error.requestID);
      return true;
    });
  });
}

test("throws AuthenticationError for a wrong key", async () => {
  const stranger = new OpenAI({ baseURL: service.baseURL, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});
