// Anthropic's client for JavaScript, unmodified, against the application.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { directory, picture, shapes, tool as shapeTool } from "./clients/shapes.mjs";
import { start } from "./service.mjs";

const image = { type: "image", source: { type: "base64", media_type: "image/png", data: picture.toString("base64") } };
const { parameters, ...named } = shapeTool;
const tool = { ...named, input_schema: parameters };
let service;
let client;

before(async () => {
  service = await start({ VLM_MODEL: directory, API_KEY: "secret" });
  client = new Anthropic({ baseURL: service.baseURL.replace(/\/v1$/, ""), apiKey: "secret", maxRetries: 0 });
});

after(() => service?.stop());

function ask(text, options = {}) {
  return {
    model: "shapes-tools",
    temperature: 0,
    max_tokens: 250,
    messages: [{ role: "user", content: [image, { type: "text", text }] }],
    ...options,
  };
}

test("answers whole and in pieces alike", async () => {
  const whole = await client.messages.create(ask("Describe this image."));
  const streamed = await client.messages.stream(ask("Describe this image.")).finalMessage();

  assert.ok(whole.content[0].text.length > 0);
  assert.deepEqual(streamed.content, whole.content);
  assert.equal(streamed.stop_reason, whole.stop_reason);
  assert.equal(streamed.usage.output_tokens, whole.usage.output_tokens);
  assert.ok(whole._request_id);
});

test("runs the tools that the model calls, and tells it their results", async () => {
  const request = ask("Record the shapes.", { tools: [tool] });
  const whole = await client.messages.create(request);
  const streamed = await client.messages.stream(request).finalMessage();
  for (const message of [whole, streamed]) {
    assert.equal(message.stop_reason, "tool_use");
    assert.deepEqual(message.content.map((block) => block.input), shapes);
  }

  const results = whole.content.map((block, index) => ({
    type: "tool_result",
    tool_use_id: block.id,
    content: JSON.stringify({ number: index + 1 }),
  }));
  request.messages.push({ role: "assistant", content: whole.content }, { role: "user", content: results });
  const told = await client.messages.create(request);
  assert.equal(told.content[0].type, "text");
  assert.equal(told.stop_reason, "end_turn");
});

test("answers in the form of a schema", async () => {
  const schema = {
    type: "object",
    properties: { colors: { type: "array", items: { type: "string", enum: ["orange", "yellow", "red"] }, maxItems: 3 } },
    required: ["colors"],
    additionalProperties: false,
  };
  const message = await client.messages.create(
    ask("Name the colors.", { output_config: { format: { type: "json_schema", schema } } }),
  );
  assert.ok(Array.isArray(JSON.parse(message.content[0].text).colors));
});

test("can be left in the middle of a stream", async () => {
  const schema = { type: "object", properties: { a: { type: "string", minLength: 3000 } }, required: ["a"] };
  const stream = client.messages.stream(
    ask("Describe.", { max_tokens: 3500, output_config: { format: { type: "json_schema", schema } } }),
  );
  let seen = 0;
  await assert.rejects(async () => {
    for await (const event of stream) {
      if (++seen === 6) {
        stream.abort();
      }
    }
  }, Anthropic.APIUserAbortError);
  assert.ok(seen < 100);
});

test("counts tokens and lists models", async () => {
  const { max_tokens, temperature, ...request } = ask("Hi");
  assert.ok((await client.messages.countTokens(request)).input_tokens > 16);
  const models = [];
  for await (const model of client.models.list()) {
    models.push(model);
  }
  assert.deepEqual(models.map((model) => model.id), ["shapes-tools"]);
  assert.equal((await client.models.retrieve("shapes-tools")).type, "model");
});

const refusals = [
  ["BadRequestError", "invalid_request_error", () => ask("Hi", { temperature: 9 })],
  ["NotFoundError", "not_found_error", () => ask("Hi", { model: "claude" })],
];
for (const [name, type, request] of refusals) {
  test(`throws ${name}`, async () => {
    await assert.rejects(client.messages.create(request()), (error) => {
      assert.ok(error instanceof Anthropic[name], `${error}`);
      assert.equal(error.error.error.type, type);
      assert.ok(error.requestID);
      return true;
    });
  });
}

test("throws AuthenticationError for a wrong key", async () => {
  const stranger = new Anthropic({ baseURL: client.baseURL, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(stranger.messages.create(ask("Hi")), Anthropic.AuthenticationError);
  await assert.rejects(stranger.models.list(), Anthropic.AuthenticationError);
});
