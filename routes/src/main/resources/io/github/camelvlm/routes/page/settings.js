// What goes with each question: the model, how tokens are drawn, and the form of the answer.

import { element, find } from "./elements.js";
import { say, text, number } from "./texts.js";
import * as api from "./api.js";

// The name in a request and the option of vlm:, with the bounds of the input.
export const SAMPLING = [
  { name: "temperature", option: "temperature", min: 0, max: 2, step: 0.1 },
  { name: "top_p", option: "topP", min: 0, max: 1, step: 0.05 },
  { name: "top_k", option: "topK", min: 0, step: 1 },
  { name: "max_tokens", option: "maxTokens", min: 1, step: 1 },
  { name: "seed", option: "seed", step: 1 },
  { name: "repetition_penalty", option: "repetitionPenalty", min: 0.1, max: 2, step: 0.05 },
  { name: "presence_penalty", option: "presencePenalty", min: -2, max: 2, step: 0.1 },
];

const EXAMPLE = {
  type: "object",
  properties: { shapes: { type: "array", items: { type: "string" } }, background: { type: "string" } },
  required: ["shapes", "background"],
  additionalProperties: false,
};

let models = [];

/** @param {() => void} changed is told when a setting is another one */
export function setUp(changed) {
  for (const { name, min, max, step } of SAMPLING) {
    const input = element("input", { id: name, type: "number", inputMode: "decimal" });
    Object.entries({ min, max, step }).forEach(([bound, value]) => value !== undefined && input.setAttribute(bound, value));
    input.dataset.placeholder = "byModel";
    input.placeholder = text("byModel");
    find("fields").append(element("div", {}, say(element("label", { for: name }), name), input));
  }
  find("schema-example").addEventListener("click", () => {
    find("schema-text").value = JSON.stringify(EXAMPLE, null, 2);
    schema();
    changed();
  });
  find("schema-text").addEventListener("change", () => schema());
  find("model").addEventListener("change", noteModel);
  document.querySelector(".side").addEventListener("input", changed);
}

/** Asks which models there are. */
export async function loadModels() {
  const chosen = find("model").value;
  models = (await api.get("v1/models")).data;
  const options = models.map((model) => {
    const option = element("option", { value: model.id });
    return model.parent ? say(option, "adapter", model.id, model.parent) : (option.append(model.id), option);
  });
  find("model").replaceChildren(...(options.length > 0 ? options : [say(element("option", { value: "" }), "noModels")]));
  if (models.some((model) => model.id === chosen)) {
    find("model").value = chosen;
  }
  noteModel();
}

/** Offers boxes if the server tells them, as its description says. */
export async function loadAbilities() {
  const schemas = (await api.get("openapi.json")).components?.schemas ?? {};
  const tellsBoxes = Object.values(schemas).some(({ properties }) => properties?.messages && properties.boxes);
  find("boxes").closest("label").hidden = !tellsBoxes;
}

function noteModel() {
  const length = models.find((model) => model.id === find("model").value)?.max_model_len;
  if (length) {
    say(find("model-note"), "modelNote", number(length));
  } else {
    find("model-note").replaceChildren();
  }
}

/** The schema that the answer must have; null if none, undefined if what is written there is none. */
function schema() {
  const written = find("schema-text").value.trim();
  find("schema-error").textContent = "";
  find("schema-text").removeAttribute("aria-invalid");
  if (!written) {
    return null;
  }
  let fault;
  try {
    const read = JSON.parse(written);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) {
      return read;
    }
    fault = text("schemaKind");
  } catch (failure) {
    fault = text("schemaFault", failure.message);
  }
  find("schema-error").textContent = fault;
  find("schema-text").setAttribute("aria-invalid", "true");
  return undefined;
}

/** What is set, or null if something is set wrongly, which is shown and has the focus then unless it is to be quiet. */
export function read(isQuiet = false) {
  const options = {};
  for (const { name } of SAMPLING) {
    const input = find(name);
    if (!input.checkValidity() && !input.validity.stepMismatch) {
      if (!isQuiet) {
        input.closest("details").open = true;
        input.reportValidity();
      }
      return null;
    }
    if (input.value !== "") {
      options[name] = Number(input.value);
    }
  }
  const form = schema();
  if (form === undefined && isQuiet) {
    return null;
  }
  if (form === undefined) {
    find("schema-text").closest("details").open = true;
    find("schema-text").focus();
    return null;
  }
  const id = find("model").value;
  return {
    model: id,
    isOneOfSeveral: new Set(models.filter((model) => !model.parent).map((model) => model.root)).size > 1,
    adapter: models.some((model) => model.id === id && model.parent) ? id : null,
    system: find("system").value.trim(),
    boxes: find("boxes").checked,
    schema: form,
    options,
  };
}
