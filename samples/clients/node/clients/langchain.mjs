// LangChain.js
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { dataUrl, inOrder, model, picture, tool } from "./shapes.mjs";

const forms = {
  "image_url": (text, textFirst) => ({
    content: inOrder({ type: "text", text }, { type: "image_url", image_url: { url: dataUrl } }, textFirst),
  }),
  "content blocks": (text, textFirst) => ({
    contentBlocks: inOrder(
      { type: "text", text },
      { type: "image", mimeType: "image/png", data: picture.toString("base64") },
      textFirst,
    ),
  }),
};

function client(baseURL, form) {
  const chat = new ChatOpenAI({ model, apiKey: "none", temperature: 0, maxRetries: 0, configuration: { baseURL } });
  const withTool = chat.bindTools([{ type: "function", function: tool }]);
  const ask = (text, textFirst) => [new HumanMessage(form(text, textFirst))];

  async function whole(stream) {
    let message;
    for await (const chunk of await stream) {
      message = message?.concat(chunk) ?? chunk;
    }
    return message;
  }

  async function recorded(messages, record, answer) {
    const calling = await answer(messages);
    const results = calling.tool_calls.map(
      (call) => new ToolMessage({ tool_call_id: call.id, content: JSON.stringify(record(call.args)) }),
    );
    return (await answer([...messages, calling, ...results])).content;
  }

  return {
    describe: async (text, textFirst) => (await chat.invoke(ask(text, textFirst))).content,
    async describeInPieces(text, textFirst) {
      const pieces = [];
      for await (const chunk of await chat.stream(ask(text, textFirst))) {
        pieces.push(chunk.content);
      }
      return pieces;
    },
    record: (text, textFirst, record) =>
      recorded(ask(text, textFirst), record, (messages) => withTool.invoke(messages)),
    recordInPieces: (text, textFirst, record) =>
      recorded(ask(text, textFirst), record, (messages) => whole(withTool.stream(messages))),
  };
}

export const clients = Object.entries(forms).map(([name, form]) => ({
  name: `LangChain.js, ${name}`,
  connect: (baseURL) => client(baseURL, form),
}));
