// The pictures that go with the next question.

import { element, find } from "./elements.js";
import { text } from "./texts.js";

let attached = [];
let changed = () => {};

/**
 * Takes pictures that are dropped, pasted, chosen or photographed.
 * @param {() => void} whenChanged is told when there are others
 * @param {(message: string) => void} complain is told of a file that cannot be read
 */
export function setUp(whenChanged, complain) {
  changed = whenChanged;
  const take = (files) => add(files).catch((failure) => complain(failure.message));
  for (const id of ["choose", "photograph"]) {
    find(id).addEventListener("change", (event) => {
      take([...event.target.files]);
      // The same file may be chosen again.
      event.target.value = "";
    });
  }
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) {
      event.preventDefault();
      take(files);
    }
  });
  let depth = 0;
  const isOfFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (isOfFiles(event)) {
      depth++;
      document.body.classList.add("dropping");
    }
  });
  document.addEventListener("dragleave", (event) => {
    if (isOfFiles(event) && --depth <= 0) {
      depth = 0;
      document.body.classList.remove("dropping");
    }
  });
  document.addEventListener("dragover", (event) => {
    if (isOfFiles(event)) {
      event.preventDefault();
    }
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    document.body.classList.remove("dropping");
    if (isOfFiles(event)) {
      event.preventDefault();
      take([...event.dataTransfer.files]);
    }
  });
}

/** Adds files; the server decides whether they are pictures. */
export async function add(files) {
  for (const file of files) {
    attached.push({ name: file.name || "picture", url: await dataUrl(file) });
    show();
  }
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(text("unreadable", file.name, reader.error.message)));
    reader.readAsDataURL(file);
  });
}

/** The pictures, each with its name and data URL. */
export function all() {
  return [...attached];
}

/** Puts pictures there in place of those that are. */
export function replace(pictures) {
  attached = [...pictures];
  show();
}

function show() {
  const list = find("attached");
  list.replaceChildren(...attached.map((picture, index) => element("li", {}, image(picture), remover(picture, index))));
  list.hidden = attached.length === 0;
  changed();
}

function remover(picture, index) {
  const button = element("button", { type: "button", "aria-label": text("remove", picture.name) }, "×");
  button.dataset.label = "remove";
  button.dataset.values = JSON.stringify([picture.name]);
  button.addEventListener("click", () => {
    attached.splice(index, 1);
    show();
    find("question").focus();
  });
  return button;
}

/** A picture as the browser shows it, or its name if the browser cannot. */
export function image(picture) {
  const shown = element("img", { src: picture.url, alt: picture.name });
  shown.addEventListener("error", () => {
    const figure = shown.closest("figure");
    if (figure) {
      figure.classList.add("named");
      shown.replaceWith(picture.name);
    } else {
      shown.replaceWith(element("span.file", {}, picture.name));
    }
  });
  return shown;
}
