// Clients for JavaScript that people have, unmodified, against the application: each with the text before the picture and
// behind it, whole and streamed, and with a tool that the model calls.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clients as aiSdk } from "./clients/ai-sdk.mjs";
import { clients as langChain } from "./clients/langchain.mjs";
import { clients as llamaIndex } from "./clients/llamaindex.mjs";
import { caption, directory, shapes, summary } from "./clients/shapes.mjs";
import { start } from "./service.mjs";

let service;

before(async () => {
  service = await start({ VLM_MODEL: directory });
});

after(() => service?.stop());

async function assertRecords(ask, textFirst) {
  const recorded = [];
  const answer = await ask("Record the shapes.", textFirst, (shape) => ({ number: recorded.push(shape) }));

  assert.deepEqual(recorded, shapes);
  assert.equal(answer, summary);
}

for (const { name, connect } of [...langChain, ...aiSdk, ...llamaIndex]) {
  for (const textFirst of [false, true]) {
    const order = textFirst ? "text first" : "picture first";

    test(`${name} describes a picture, ${order}`, async () => {
      assert.equal(await connect(service.baseURL).describe("Describe this image.", textFirst), caption);
    });

    test(`${name} describes a picture in pieces, ${order}`, async () => {
      const pieces = await connect(service.baseURL).describeInPieces("Describe this image.", textFirst);

      assert.equal(pieces.join(""), caption);
      assert.ok(pieces.length > 5);
    });

    test(`${name} runs the tool that the model calls, ${order}`, async () => {
      await assertRecords(connect(service.baseURL).record, textFirst);
    });

    test(`${name} runs the tool that the model calls in a stream, ${order}`, async () => {
      await assertRecords(connect(service.baseURL).recordInPieces, textFirst);
    });
  }
}
