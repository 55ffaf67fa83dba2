// Ollama's client for JavaScript, unmodified, against the application.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Ollama } from "ollama";
import { directory, picture, shapes, summary, tool as definition } from "./clients/shapes.mjs";
import { start } from "./service.mjs";

const tool = { type: "function", function: definition };
let service;
let client;

before(async () => {
  service = await start({ VLM_MODEL: directory });
  client = new Ollama({ host: service.baseURL.replace(/\/v1$/, "") });
});

after(() => service?.stop());

function ask(content, options = {}) {
  return {
    model: "shapes-tools:latest",
    messages: [{ role: "user", content, images: [picture] }],
    options: { temperature: 0, num_predict: 250 },
    ...options,
  };
}

test("answers whole and in pieces alike", async () => {
  const whole = await client.chat(ask("Describe this image."));
  let text = "";
  for await (const part of await client.chat(ask("Describe this image.", { stream: true }))) {
    text += part.message.content;
  }
  assert.ok(text.length > 0);
  assert.equal(text, whole.message.content);
  assert.ok(whole.eval_count > 0 && whole.eval_duration > 0);
});

test("calls tools, and is told their results", async () => {
  const request = ask("Record the shapes.", { tools: [tool] });
  const whole = await client.chat(request);
  assert.deepEqual(whole.message.tool_calls.map((call) => call.function.arguments), shapes);
  const calls = [];
  for await (const part of await client.chat({ ...request, stream: true })) {
    calls.push(...(part.message.tool_calls ?? []));
  }
  assert.deepEqual(calls, whole.message.tool_calls);

  request.messages.push(
    whole.message,
    ...calls.map((call, index) => ({ role: "tool", tool_name: call.function.name, content: `{"number": ${index + 1}}` })),
  );
  assert.equal((await client.chat(request)).message.content, summary);
});

test("answers prompts in the form of a schema", async () => {
  const format = { type: "object", properties: { round: { type: "boolean" } }, required: ["round"] };
  const { response } = await client.generate({
    model: "shapes-tools",
    prompt: "Is it round?",
    images: [picture],
    format,
    options: { temperature: 0, num_predict: 60 },
  });
  assert.equal(typeof JSON.parse(response).round, "boolean");
});

test("can be left in the middle of a stream", async () => {
  const format = { type: "object", properties: { a: { type: "string", minLength: 3000 } }, required: ["a"] };
  const stream = await client.chat(ask("Hi", { format, stream: true, options: { num_predict: 3500 } }));
  let seen = 0;
  await assert.rejects(async () => {
    for await (const part of stream) {
      if (++seen === 3) {
        stream.abort();
      }
    }
  }, { name: "AbortError" });
  assert.ok(seen < 100);
});

test("tells of models", async () => {
  assert.deepEqual((await client.list()).models.map((model) => model.name), ["shapes-tools:latest"]);
  assert.deepEqual((await client.ps()).models.map((model) => model.name), ["shapes-tools:latest"]);
  assert.ok((await client.show({ model: "shapes-tools" })).capabilities.includes("vision"));
  assert.ok((await client.version()).version);
});

test("throws what the server says", async () => {
  await assert.rejects(client.chat(ask("Hi", { model: "llava" })), { status_code: 404, message: /llava/ });
  await assert.rejects(client.chat(ask("Hi", { think: true })), { status_code: 400, message: /think/ });
});
