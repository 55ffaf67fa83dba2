// Clients for JavaScript that people have, unmodified, which ask the application for objects of a schema.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { generateObject } from "ai";
import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { dataUrl, picture, shapes } from "./clients/shapes.mjs";
import { start } from "./service.mjs";

const model = "shapes-vl";
const question = "List the objects as JSON.";
const image = { type: "image_url", image_url: { url: dataUrl } };

const Shape = z.object({ color: z.string(), shape: z.enum(["circle", "triangle", "hexagon", "star"]) });
const Drawing = z.object({ objects: z.array(Shape), background: z.string() });
const drawing = {
  objects: shapes,
  background: "green",
};
let service;
let client;

before(async () => {
  service = await start({});
  client = new OpenAI({ baseURL: service.baseURL, apiKey: "none", maxRetries: 0 });
});

after(() => service?.stop());

function ask(text, options = {}) {
  return {
    model,
    temperature: 0,
    max_tokens: 200,
    messages: [{ role: "user", content: [image, { type: "text", text }] }],
    ...options,
  };
}

test("openai parses an answer of a Zod schema", async () => {
  const completion = await client.chat.completions.parse(
    ask(question, { response_format: zodResponseFormat(Drawing, "drawing") }),
  );

  assert.deepEqual(completion.choices[0].message.parsed, drawing);
});

test("openai parses a streamed answer of a Zod schema", async () => {
  const stream = client.chat.completions.stream(
    ask(question, { response_format: zodResponseFormat(Drawing, "drawing") }),
  );

  assert.deepEqual((await stream.finalChatCompletion()).choices[0].message.parsed, drawing);
});

test("openai gets an object where any will do", async () => {
  const completion = await client.chat.completions.create(ask(question, { response_format: { type: "json_object" } }));

  assert.deepEqual(JSON.parse(completion.choices[0].message.content), drawing);
});

test("openai runs a strict tool that must be called", async () => {
  const completion = await client.chat.completions.parse(
    ask("What is on the picture?", {
      tools: [zodFunction({ name: "record_shape", parameters: Shape })],
      tool_choice: { type: "function", function: { name: "record_shape" } },
      parallel_tool_calls: false,
    }),
  );

  const [call] = completion.choices[0].message.tool_calls;
  assert.equal(call.function.name, "record_shape");
  // The small model was never taught to call one: the form is all it has.
  assert.deepEqual(Shape.parse(call.function.parsed_arguments), call.function.parsed_arguments);
});

test("openai is told by its path what of a schema is not served", async () => {
  const schema = { type: "object", properties: { total: { not: { type: "string" } } } };
  await assert.rejects(
    client.chat.completions.create(
      ask(question, { response_format: { type: "json_schema", json_schema: { name: "n", schema } } }),
    ),
    (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
      assert.equal(error.param, "response_format.json_schema.schema.properties.total.not");
      return true;
    },
  );
});

const providers = {
  "@ai-sdk/openai-compatible": () =>
    createOpenAICompatible({ name: "vlm", baseURL: service.baseURL, supportsStructuredOutputs: true })(model),
  "@ai-sdk/openai": () => createOpenAI({ baseURL: service.baseURL, apiKey: "none" }).chat(model),
};
for (const [name, provider] of Object.entries(providers)) {
  test(`${name} generates an object`, async () => {
    const { object } = await generateObject({
      model: provider(),
      schema: Drawing,
      temperature: 0,
      maxRetries: 0,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", image: picture },
            { type: "text", text: question },
          ],
        },
      ],
    });

    assert.deepEqual(object, drawing);
  });
}

test("LangChain.js gives structured output by a JSON Schema", async () => {
  const chat = new ChatOpenAI({
    model,
    apiKey: "none",
    temperature: 0,
    maxRetries: 0,
    configuration: { baseURL: service.baseURL },
  }).withStructuredOutput(Drawing, { method: "jsonSchema", name: "drawing" });

  assert.deepEqual(
    await chat.invoke([new HumanMessage({ content: [image, { type: "text", text: question }] })]),
    drawing,
  );
});
