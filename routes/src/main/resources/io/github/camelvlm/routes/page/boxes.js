// Boxes on a picture, in pixels of the picture as it is shown.

import { element, shape } from "./elements.js";

const COLOURS = 6;

/** Those of an answer's boxes that are boxes. */
export function readable(boxes) {
  return (Array.isArray(boxes) ? boxes : []).filter(
    (each) => Array.isArray(each?.box) && each.box.length === 4 && each.box.every(Number.isFinite),
  );
}

/**
 * Draws boxes on the picture that they are of, in place of those that are drawn.
 * @param {HTMLElement[]} figures the pictures of a conversation, of which a server tells boxes only if there is one
 * @param {object[]} boxes each with a label and corners
 */
export function draw(figures, boxes) {
  for (const figure of figures) {
    figure.querySelectorAll("svg, .tag").forEach((old) => old.remove());
  }
  const figure = figures.at(-1);
  const image = figure?.querySelector("img");
  if (boxes.length === 0 || !image) {
    return;
  }
  if (image.complete) {
    drawOn(figure, image, boxes);
  } else {
    image.addEventListener("load", () => drawOn(figure, image, boxes), { once: true });
  }
}

function drawOn(figure, image, boxes) {
  const width = image.naturalWidth;
  const height = image.naturalHeight;
  if (!width || !height) {
    return;
  }
  const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const labels = [...new Set(boxes.map((each) => each.label))];
  const tags = boxes.map(({ label, box: [x1, y1, x2, y2] }) => {
    const colour = `box-${labels.indexOf(label) % COLOURS}`;
    drawing.append(shape("rect", { class: `box ${colour}`, x: x1, y: y1, width: Math.max(0, x2 - x1), height: Math.max(0, y2 - y1) }));
    const tag = element(`span.tag.${colour}`, { "aria-hidden": "true" }, String(label ?? ""));
    tag.style.left = `${(100 * x1) / width}%`;
    tag.style.top = `${(100 * y1) / height}%`;
    // Above the box where there is room, so that it hides nothing of what is in it.
    tag.style.transform = y1 / height > 0.1 ? "translateY(-100%)" : "none";
    return tag;
  });
  figure.append(drawing, ...tags);
}

/** The same in words, such as {@code circle (12, 30, 44, 61)}. */
export function inWords(boxes) {
  return boxes.map(({ label, box }) => `${label ?? ""} (${box.join(", ")})`).join(" · ");
}
