// A picture whose shapes are to be told and recorded, and what a right client makes of it.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export const model = "shapes-tools";
export const directory = fileURLToPath(new URL("../../../models/shapes-tools", import.meta.url));
export const picture = await readFile(new URL("../../../pictures/triangle-and-hexagon.png", import.meta.url));
export const dataUrl = `data:image/png;base64,${picture.toString("base64")}`;
export const caption = "An orange triangle below a yellow hexagon, on a green background.";
export const summary = "Recorded as numbers 1 and 2.";
export const shapes = [
  { color: "orange", shape: "triangle" },
  { color: "yellow", shape: "hexagon" },
];

/** What the model may call. */
export const tool = {
  name: "record_shape",
  description: "Records a shape of the picture.",
  parameters: {
    type: "object",
    properties: { color: { type: "string" }, shape: { type: "string" } },
    required: ["color", "shape"],
  },
};

export function inOrder(text, image, textFirst) {
  return textFirst ? [text, image] : [image, text];
}
