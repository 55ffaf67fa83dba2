// The same request as commands and routes to copy. Nothing here touches the page: texts come in, and a text goes out.

import { SAMPLING } from "./settings.js";

/**
 * The request for an answer.
 * @param {object} settings what goes with the question
 * @param {object[]} turns the conversation: each with its role, words and, of the user, pictures
 * @param {(picture: object) => string} url what a picture is sent as
 */
export function request(settings, turns, url) {
  const messages = turns.map(({ role, words, pictures = [] }) => ({
    role,
    content:
      pictures.length === 0
        ? words
        : [...pictures.map((picture) => ({ type: "image_url", image_url: { url: url(picture) } })), { type: "text", text: words }],
  }));
  return {
    model: settings.model,
    messages: settings.system ? [{ role: "system", content: settings.system }, ...messages] : messages,
    ...settings.options,
    ...(settings.boxes ? { boxes: true } : {}),
    ...(settings.schema ? { response_format: { type: "json_schema", json_schema: { name: "answer", schema: settings.schema } } } : {}),
  };
}

/** For a shell: pictures are read from files of their names. */
export function curl(settings, turns, origin, hasKey) {
  const pictures = [];
  const mark = (index) => `picture-${index}-of-the-request`;
  const json = JSON.stringify(request(settings, turns, (picture) => mark(pictures.push(picture) - 1)), null, 2);
  // Of what a here-document reads for itself, nothing may be left of the texts.
  let body = json.replace(/[\\$`]/g, "\\$&");
  pictures.forEach((picture, index) => {
    const type = picture.url.slice(5, picture.url.indexOf(";")) || "image/png";
    body = body.replace(`"${mark(index)}"`, () => `"data:${type.replace(/[^\w.+/-]/g, "")};base64,$(base64 < ${quoted(fileName(picture))} | tr -d '\\n')"`);
  });
  return [
    `curl ${quoted(`${origin}v1/chat/completions`)} \\`,
    "  -H 'Content-Type: application/json' \\",
    ...(hasKey ? ['  -H "Authorization: Bearer $API_KEY" \\'] : []),
    "  --data-binary @- <<END-OF-REQUEST",
    body,
    "END-OF-REQUEST",
  ].join("\n");
}

// A line of its own could end the here-document.
function fileName(picture) {
  return picture.name.replace(/\p{Cc}/gu, "_");
}

function quoted(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

// For a route, what looks like the name of a property is none. Camel reads backslashes only where it looks for one.
function literal(words) {
  return JSON.stringify(words.includes("{{") ? words.replace(/\{\{|\}\}/g, "\\$&") : words);
}

// No two braces stand side by side: those of JSON are set apart, and those in its texts are written by their numbers.
function jsonForRoute(value) {
  return JSON.stringify(value)
    .replace(/"(?:[^"\\]|\\.)*"|[{}]/g, (part) =>
      part.length === 1 ? `${part} ` : part.replace(/\{/g, "\\u007b").replace(/\}/g, "\\u007d"),
    )
    .trim();
}

function headers(settings, turns) {
  const question = turns.filter((turn) => turn.role === "user").at(-1)?.words ?? "";
  return [
    ["CamelVlmPrompt", question],
    ...(settings.system ? [["CamelVlmSystemMessage", settings.system]] : []),
    ...(settings.schema ? [["CamelVlmJsonSchema", jsonForRoute(settings.schema)]] : []),
  ];
}

function parameters(settings) {
  return [
    ...(settings.isOneOfSeveral ? [] : [["model", "{{vlm.model}}"]]),
    ...(settings.isOneOfSeveral && !settings.adapter ? [["model", settings.model]] : []),
    ...(settings.adapter ? [["adapter", settings.adapter]] : []),
    ...SAMPLING.filter(({ name }) => name in settings.options).map(({ name, option }) => [option, settings.options[name]]),
  ];
}

/** A Camel route in YAML that asks the same of each picture of a folder. */
export function yaml(settings, turns) {
  return [
    "- route:",
    "    from:",
    "      uri: file:inbox",
    "      steps:",
    ...headers(settings, turns).flatMap(([name, value]) => [
      "        - setHeader:",
      `            name: ${name}`,
      "            expression:",
      "              constant:",
      `                expression: ${literal(value)}`,
    ]),
    "        - to:",
    "            uri: vlm:describe",
    "            parameters:",
    ...parameters(settings).map(([name, value]) => `              ${name}: ${typeof value === "number" ? value : JSON.stringify(value)}`),
    "        - to: file:captions?fileName=${file:name}.txt",
  ].join("\n");
}

/** The same route in Java. */
export function java(settings, turns) {
  const query = parameters(settings).map(([name, value]) => `${name}=${value}`);
  return [
    'from("file:inbox")',
    ...headers(settings, turns).map(([name, value]) => `    .setHeader("${name}", constant(${literal(value)}))`),
    `    .to(${JSON.stringify(`vlm:describe?${query.join("&")}`)})`,
    '    .to("file:captions?fileName=${file:name}.txt");',
  ].join("\n");
}
