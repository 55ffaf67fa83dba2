// The folder at work: counts, files of requests and the last pictures, looked at again while the view is open.

import { element, find } from "./elements.js";
import { number, say, time } from "./texts.js";
import * as api from "./api.js";

const PAUSE = 2000;
const MOST = 60;
const LONG = 300;
const LONG_LINES = 8;
const COUNTS = [
  ["done", "done"],
  ["failed", "failures"],
  ["in_hand", "inHand"],
  ["waiting", "waiting"],
  ["last_minute", "lastMinute"],
];

let timer = null;
let isOpen = false;
let isLooking = false;
let since = null;
let newest = 0;
let askForKey = () => {};

// One thumbnail after the other: each costs the server the decoding of a picture.
let thumbnails = Promise.resolve();

/** @param {(message: string) => void} whenRefused is told that a key is needed */
export function setUp(whenRefused) {
  askForKey = whenRefused;
  document.addEventListener("visibilitychange", look);
}

/** Looks at once, and again and again until the view is closed. */
export function open() {
  isOpen = true;
  look();
}

export function close() {
  isOpen = false;
  clearTimeout(timer);
}

async function look() {
  clearTimeout(timer);
  if (!isOpen || isLooking || document.hidden) {
    return;
  }
  isLooking = true;
  let pause = PAUSE;
  try {
    let folder = await api.get(`v1/folder?after=${newest}`);
    if (folder.since !== since) {
      // The application was started again, and counts anew.
      find("shown").replaceChildren();
      if (newest > 0) {
        folder = await api.get("v1/folder");
      }
      since = folder.since;
    }
    show(folder);
  } catch (failure) {
    if (failure.status === 403) {
      pause = null;
      say(find("folder-note"), "folderPrivate", failure.message);
    } else {
      say(find("folder-note"), "folderLost", failure.message);
    }
    if (failure.status === 401) {
      pause = null;
      askForKey(failure.message);
    }
  } finally {
    isLooking = false;
  }
  if (pause !== null && isOpen) {
    timer = setTimeout(look, pause);
  }
}

function show(folder) {
  if (!folder.watching) {
    say(find("folder-note"), "folderOff");
  } else {
    say(find("folder-note"), "folderOn", folder.inbox);
  }
  find("counts").replaceChildren(
    ...COUNTS.map(([name, key]) =>
      element(
        name === "failed" && folder.failed > 0 ? "div.bad" : "div",
        {},
        say(element("dt"), key),
        element("dd", {}, number(folder[name])),
      ),
    ),
  );
  find("batches").replaceChildren(...folder.batches.map(batch));
  find("documents").replaceChildren(...folder.documents.map(pages));
  const list = find("shown");
  if (folder.pictures.length > 0) {
    newest = folder.pictures[0].id;
    list.prepend(...folder.pictures.map(card));
    for (const old of [...list.children].slice(MOST)) {
      const image = old.querySelector("img");
      if (image) {
        URL.revokeObjectURL(image.src);
      }
      old.remove();
    }
  }
}

function batch(file) {
  const key = file.in_hand ? "batchInHand" : "batchOver";
  const state = say(
    element("p.meta"),
    key,
    number(file.answered),
    number(file.lines),
    number(file.failed),
    time(new Date(file.at)),
  );
  const item = element(file.failed > 0 ? "li.bad" : "li", {}, element("p.name", {}, file.name));
  if (file.in_hand) {
    item.append(bar(file, file.lines));
  }
  item.append(state);
  return item;
}

function bar(file, all) {
  return element("progress", { "aria-label": file.name, max: Math.max(1, all), value: file.answered });
}

function pages(file) {
  return element(
    "li",
    {},
    element("p.name", {}, file.name),
    bar(file, file.pages),
    say(element("p.meta"), "pagesInHand", number(file.answered), number(file.pages)),
  );
}

function card(picture) {
  // Of a document some pages may have failed, which is no failure of the whole.
  const isFailed = picture.caption === undefined;
  const frame = element("div.frame.none", {}, isFailed ? element("span", { "aria-hidden": "true" }, "!") : "");
  const about = element(
    "div.about",
    {},
    element("p.name", {}, picture.name),
    said(isFailed ? picture.error : picture.caption),
  );
  if (isFailed) {
    about.lastChild.lang = "en";
  }
  const at = time(new Date(picture.at));
  about.append(
    isFailed || picture.total_ms === undefined
      ? element("p.meta", {}, at)
      : say(
          element("p.meta"),
          "rowMeta",
          number(picture.prompt_tokens),
          number(picture.completion_tokens),
          number(picture.total_ms / 1000, 2),
          at,
        ),
  );
  const item = element(isFailed ? "li.failed" : "li", {}, frame, about);
  if (picture.thumbnail) {
    thumbnails = thumbnails.then(() => loadThumbnail(picture, frame));
  } else if (!isFailed) {
    frame.replaceChildren(say(element("span"), "noPreview"));
  }
  return item;
}

/** What is long, such as that of a document, is moved through in its place, by the keyboard too. */
function said(words) {
  const isLong = words.length > LONG || words.split("\n").length > LONG_LINES;
  return element(isLong ? "p.caption.long" : "p.caption", isLong ? { tabIndex: 0 } : {}, words);
}

async function loadThumbnail(picture, frame) {
  for (let attempt = 0; attempt < 4 && frame.isConnected; attempt++) {
    try {
      const blob = await api.getBlob(`v1/folder/pictures/${picture.id}`);
      // What is described anyway needs no second description.
      frame.replaceChildren(element("img", { src: URL.createObjectURL(blob), alt: "" }));
      frame.classList.remove("none");
      return;
    } catch (failure) {
      if (failure.status !== 429) {
        frame.replaceChildren(say(element("span"), "noThumbnail"));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
