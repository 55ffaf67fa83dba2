// Wires the page: views, language, key, and the question with its answer.

import { element, find } from "./elements.js";
import { otherLanguage, say, switchLanguage, text, translate } from "./texts.js";
import * as api from "./api.js";
import * as conversation from "./conversation.js";
import * as folder from "./folder.js";
import * as pictures from "./pictures.js";
import * as recipes from "./recipes.js";
import * as settings from "./settings.js";

const SAMPLES = [
  ["star-cross-square.jpg", "describe"],
  ["triangle-and-hexagon.png", "describe"],
  ["circle-and-ring.png", "describe"],
  ["two-stars.webp", "describe"],
  ["diamond.png", "describe"],
  ["sign.png", "read"],
];

let underWay = null;
let lastQuestion = null;
let recipe = "curl";

function setUpViews() {
  const show = () => {
    const isFolder = location.hash === "#folder";
    find("ask-view").hidden = isFolder;
    find("folder-view").hidden = !isFolder;
    find("to-ask").toggleAttribute("aria-current", !isFolder);
    find("to-folder").toggleAttribute("aria-current", isFolder);
    for (const id of ["to-ask", "to-folder"]) {
      if (find(id).hasAttribute("aria-current")) {
        find(id).setAttribute("aria-current", "page");
      }
    }
    if (isFolder) {
      folder.open();
    } else {
      folder.close();
    }
  };
  window.addEventListener("hashchange", () => {
    show();
    find("view").focus();
    window.scrollTo({ top: 0 });
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    // The address says which view is open.
    event.preventDefault();
    find("view").focus();
  });
  show();
}

function setUpLanguage() {
  const button = find("language");
  const name = () => {
    const other = otherLanguage();
    button.textContent = other.name;
    button.lang = other.code;
  };
  button.addEventListener("click", () => {
    switchLanguage();
    name();
  });
  translate();
  name();
}

function setUpKey() {
  find("show-key").addEventListener("click", () => askForKey(""));
  find("key-cancel").addEventListener("click", () => find("key-dialog").close());
  find("key-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    api.useKey(find("key").value.trim());
    try {
      await settings.loadModels();
    } catch (failure) {
      find("key-error").textContent = failure.message;
      find("key").focus();
      return;
    }
    find("key-dialog").close();
    if (location.hash === "#folder") {
      folder.open();
    }
  });
}

/** @param {string} message why a key is needed, as the server says it */
function askForKey(message) {
  find("key").value = api.key();
  find("key-error").textContent = message;
  if (!find("key-dialog").open) {
    find("key-dialog").showModal();
  }
}

// Without the description the page offers what all servers have.
const loadAbilities = () => settings.loadAbilities().catch(() => {});

async function loadModels() {
  try {
    await settings.loadModels();
  } catch (failure) {
    if (failure.status === 401) {
      askForKey(api.key() ? failure.message : "");
    } else {
      find("model-note").textContent = failure.message;
    }
  }
}

function setUpSamples() {
  for (const [name, question] of SAMPLES) {
    const button = element("button", { type: "button" }, element("img", { src: `page/samples/${name}`, alt: "", width: 112, height: 112 }));
    button.dataset.label = "sample";
    button.dataset.values = JSON.stringify([name]);
    button.addEventListener("click", async () => {
      const blob = await (await fetch(`page/samples/${name}`)).blob();
      await pictures.add([new File([blob], name, { type: blob.type })]);
      find("question").value = text(question);
      send();
    });
    find("samples").append(element("li", {}, button));
  }
}

/** The question as it stands in the composer, or else the last one. */
function question() {
  const words = find("question").value.trim();
  const attached = pictures.all();
  if (!words && attached.length === 0) {
    return lastQuestion;
  }
  return [...conversation.sofar(), { role: "user", words: words || text("describe"), pictures: attached }];
}

async function send() {
  const words = find("question").value.trim();
  const attached = pictures.all();
  if (underWay || (!words && attached.length === 0)) {
    find("question").focus();
    return;
  }
  const chosen = settings.read();
  if (!chosen) {
    return;
  }
  const turns = question();
  lastQuestion = turns;
  find("welcome").hidden = true;
  find("question").value = "";
  pictures.replace([]);
  grow();
  const answer = conversation.begin(turns.at(-1).words, attached);
  setUnderWay(new AbortController());
  say(find("said"), "answering");
  try {
    const request = recipes.request(chosen, turns, (picture) => picture.url);
    await api.ask({ ...request, stream: true, stream_options: { include_usage: true } }, (chunk) => answer.take(chunk), underWay.signal);
    answer.end(false, chosen.boxes);
  } catch (failure) {
    if (failure.name === "AbortError") {
      answer.end(true, chosen.boxes);
    } else {
      answer.fail(failure.message);
      putBack(words, attached);
      if (failure.status === 401) {
        askForKey(failure.message);
      }
    }
  } finally {
    setUnderWay(null);
    find("said").textContent = "";
    showRecipe();
  }
}

/** A question that failed can be asked again. */
function putBack(words, attached) {
  if (!find("question").value && pictures.all().length === 0) {
    find("question").value = words;
    pictures.replace(attached);
    grow();
  }
}

function setUnderWay(controller) {
  const hadFocus = document.activeElement === find("stop") || document.activeElement === find("send");
  underWay = controller;
  find("stop").hidden = controller === null;
  find("send").hidden = controller !== null;
  find("restart").hidden = controller !== null || find("turns").childElementCount === 0;
  if (hadFocus) {
    (controller ? find("stop") : find("question")).focus();
  }
}

function grow() {
  const field = find("question");
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function setUpComposer() {
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  find("question").addEventListener("keydown", (event) => {
    // While a word of Chinese is being composed, Enter belongs to it.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  find("question").addEventListener("input", () => {
    grow();
    showRecipe();
  });
  find("stop").addEventListener("click", () => underWay?.abort());
  find("restart").addEventListener("click", () => {
    conversation.clear();
    lastQuestion = null;
    find("welcome").hidden = false;
    setUnderWay(null);
    find("question").focus();
    showRecipe();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && underWay && !find("key-dialog").open) {
      underWay.abort();
    }
  });
}

function setUpRecipes() {
  const names = ["curl", "yaml", "java"];
  for (const name of names) {
    const tab = find(`tab-${name}`);
    tab.addEventListener("click", () => choose(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        choose(names[(names.indexOf(name) + step + names.length) % names.length]);
        find(`tab-${recipe}`).focus();
      }
    });
  }
  const choose = (name) => {
    recipe = name;
    for (const each of names) {
      find(`tab-${each}`).setAttribute("aria-selected", String(each === name));
      find(`tab-${each}`).tabIndex = each === name ? 0 : -1;
    }
    find("recipe").setAttribute("aria-labelledby", `tab-${name}`);
    showRecipe();
  };
  find("recipes").addEventListener("toggle", showRecipe);
  find("copy-recipe").addEventListener("click", (event) => conversation.copy(find("recipe").textContent, event.currentTarget));
}

function showRecipe() {
  if (!find("recipes").open) {
    return;
  }
  const chosen = settings.read(true);
  const turns = question() ?? [{ role: "user", words: text("describe"), pictures: [{ name: "picture.png", url: "data:image/png;" }] }];
  if (chosen) {
    const origin = new URL(".", document.baseURI).href;
    find("recipe").textContent =
      recipe === "curl" ? recipes.curl(chosen, turns, origin, api.key() !== "") : recipes[recipe](chosen, turns);
  }
}

setUpSamples();
settings.setUp(showRecipe);
setUpLanguage();
setUpKey();
folder.setUp(askForKey);
pictures.setUp(
  () => {
    find("fault").textContent = "";
    showRecipe();
  },
  (message) => (find("fault").textContent = message),
);
setUpComposer();
setUpRecipes();
setUpViews();
loadModels();
loadAbilities();
