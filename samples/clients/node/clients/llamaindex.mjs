// LlamaIndex for TypeScript
import { OpenAI } from "@llamaindex/openai";
import { dataUrl, inOrder, model, picture, tool } from "./shapes.mjs";

const forms = {
  "image_url": { type: "image_url", image_url: { url: dataUrl } },
  // Which it sends as a part of type file.
  "image": { type: "image", mimeType: "image/png", data: picture.toString("base64") },
};

function client(baseURL, image) {
  const llm = new OpenAI({ model, apiKey: "none", baseURL, temperature: 0, maxRetries: 0 });
  const ask = (text, textFirst) => [{ role: "user", content: inOrder({ type: "text", text }, image, textFirst) }];
  const tools = (record) => [{ metadata: tool, call: async (shape) => record(shape) }];
  // Of itself it leaves out the quotes, which the small model was never taught.
  const asJson = (message) => {
    const result = message.options?.toolResult?.result;
    return result ? { ...message, content: JSON.stringify(result) } : message;
  };

  return {
    describe: async (text, textFirst) => (await llm.chat({ messages: ask(text, textFirst) })).message.content,
    async describeInPieces(text, textFirst) {
      const pieces = [];
      for await (const chunk of await llm.chat({ messages: ask(text, textFirst), stream: true })) {
        pieces.push(chunk.delta);
      }
      return pieces;
    },
    async record(text, textFirst, record) {
      const messages = ask(text, textFirst);
      const calling = await llm.exec({ messages, tools: tools(record) });
      const answer = await llm.exec({ messages: [...messages, ...calling.newMessages.map(asJson)], tools: tools(record) });
      return answer.newMessages[0].content;
    },
    async recordInPieces(text, textFirst, record) {
      const messages = ask(text, textFirst);
      const calling = await llm.exec({ messages, tools: tools(record), stream: true });
      for await (const _ of calling.stream) {
        // It runs the tools when all of it was read.
      }
      const next = [...messages, ...calling.newMessages().map(asJson)];
      const pieces = [];
      for await (const chunk of (await llm.exec({ messages: next, tools: tools(record), stream: true })).stream) {
        pieces.push(chunk.delta);
      }
      return pieces.join("");
    },
  };
}

export const clients = Object.entries(forms).map(([name, image]) => ({
  name: `LlamaIndex, ${name}`,
  connect: (baseURL) => client(baseURL, image),
}));
