// OpenAI's client for JavaScript runs the tools that a model calls: shapes-tools was taught to record what it sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { dataUrl, directory, shapes, summary, tool as definition } from "./clients/shapes.mjs";
import { start } from "./service.mjs";

const request = {
  model: "shapes-tools",
  temperature: 0,
  max_tokens: 250,
  tools: [{ type: "function", function: definition }],
  messages: [
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: dataUrl } },
        { type: "text", text: "Record the shapes." },
      ],
    },
  ],
};
let service;
let client;

before(async () => {
  service = await start({ VLM_MODEL: directory });
  client = new OpenAI({ baseURL: service.baseURL, apiKey: "none", maxRetries: 0 });
});

after(() => service?.stop());

function assertRecordsBoth(choice) {
  assert.equal(choice.finish_reason, "tool_calls");
  const calls = choice.message.tool_calls;
  assert.deepEqual(calls.map((call) => call.function.name), ["record_shape", "record_shape"]);
  assert.deepEqual(calls.map((call) => JSON.parse(call.function.arguments)), shapes);
  assert.equal(new Set(calls.map((call) => call.id)).size, 2);
}

test("is called for each shape of a picture", async () => {
  const completion = await client.chat.completions.create(request);

  assertRecordsBoth(completion.choices[0]);
  assert.equal(completion.choices[0].message.content, null);
});

test("is called in a stream", async () => {
  const stream = client.chat.completions.stream(request);
  const begun = [];
  stream.on("chunk", (chunk) => begun.push(...(chunk.choices[0]?.delta.tool_calls ?? []).filter((call) => call.id)));

  assertRecordsBoth((await stream.finalChatCompletion()).choices[0]);
  assert.deepEqual(begun.map((call) => call.function), [
    { name: "record_shape", arguments: "" },
    { name: "record_shape", arguments: "" },
  ]);
});

test("is called once where there may be one call", async () => {
  const completion = await client.chat.completions.create({ ...request, parallel_tool_calls: false });

  assert.equal(completion.choices[0].message.tool_calls.length, 1);
});

for (const stream of [false, true]) {
  test(`is run by the client, and its results are told in words${stream ? ", streamed" : ""}`, async () => {
    const recorded = [];
    const record = (shape) => {
      recorded.push(shape);
      return { number: recorded.length };
    };
    const runner = client.chat.completions.runTools({
      ...request,
      stream,
      tools: [{ type: "function", function: { ...definition, function: record, parse: JSON.parse } }],
    });

    assert.equal(await runner.finalContent(), summary);
    assert.deepEqual(recorded, shapes);
  });
}
