// Vercel's AI SDK
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, stepCountIs, streamText } from "ai";
import { inOrder, model, picture, tool } from "./shapes.mjs";

const providers = {
  "@ai-sdk/openai-compatible": (baseURL) => createOpenAICompatible({ name: "vlm", baseURL })(model),
  // Without .chat it asks for OpenAI's Responses, which are not served.
  "@ai-sdk/openai": (baseURL) => createOpenAI({ baseURL, apiKey: "none" }).chat(model),
};

function client(chat) {
  const request = (text, textFirst) => ({
    model: chat,
    temperature: 0,
    maxRetries: 0,
    messages: [
      { role: "user", content: inOrder({ type: "text", text }, { type: "image", image: picture }, textFirst) },
    ],
  });
  const withTool = (record) => ({
    stopWhen: stepCountIs(3),
    tools: {
      [tool.name]: {
        description: tool.description,
        inputSchema: jsonSchema(tool.parameters),
        execute: async (shape) => record(shape),
      },
    },
  });

  async function stream(options) {
    let failure;
    const pieces = [];
    const result = streamText({ ...options, onError: ({ error }) => (failure = error) });
    for await (const piece of result.textStream) {
      pieces.push(piece);
    }
    if (failure) {
      throw failure;
    }
    return pieces;
  }

  return {
    describe: async (text, textFirst) => (await generateText(request(text, textFirst))).text,
    describeInPieces: (text, textFirst) => stream(request(text, textFirst)),
    record: async (text, textFirst, record) =>
      (await generateText({ ...request(text, textFirst), ...withTool(record) })).text,
    recordInPieces: async (text, textFirst, record) =>
      (await stream({ ...request(text, textFirst), ...withTool(record) })).join(""),
  };
}

export const clients = Object.entries(providers).map(([name, provider]) => ({
  name: `Vercel's AI SDK, ${name}`,
  connect: (baseURL) => client(provider(baseURL)),
}));
