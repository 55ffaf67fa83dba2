// The conversation so far: what was asked, and what was answered.

import { element, find } from "./elements.js";
import { number, say, text } from "./texts.js";
import { image } from "./pictures.js";
import * as boxes from "./boxes.js";

// Each with its role, words and, of the user, pictures. A question that failed is no part of it.
let turns = [];

// The pictures as they are shown, of a question and those before it that were answered.
let shown = [];

/** What was asked and answered, as a request has it. */
export function sofar() {
  return [...turns];
}

/** Begins anew. */
export function clear() {
  turns = [];
  shown = [];
  find("turns").replaceChildren();
}

/**
 * Shows a question, and begins its answer.
 * @return {Answer} what the answer is written into
 */
export function begin(words, pictures) {
  const figures = pictures.map((picture) => element("figure.picture", {}, image(picture)));
  const question = element("article.mine", {}, say(element("span.hidden"), "you"));
  if (figures.length > 0) {
    question.append(element("div.pictures", {}, ...figures));
  }
  question.append(element("p.words", {}, words));
  find("turns").append(question);
  return new Answer({ role: "user", words, pictures }, [...shown, ...figures]);
}

class Answer {
  constructor(question, figures) {
    this.question = question;
    this.figures = figures;
    this.words = "";
    this.begun = performance.now();
    this.first = null;
    this.usage = null;
    this.reason = null;
    this.boxes = null;
    this.text = element("div.answer");
    this.figuresLine = element("div.figures");
    this.article = element("article.theirs", { "aria-busy": "true" }, say(element("span.hidden"), "answer"), this.text, this.figuresLine);
    find("turns").append(this.article);
    this.follow(true);
    for (const image of figures.map((figure) => figure.querySelector("img"))) {
      image?.addEventListener("load", () => this.follow(true), { once: true });
    }
  }

  /** Keeps the end of the answer in sight, unless its reader has scrolled elsewhere. */
  follow(isNew, change = () => {}) {
    const wasInSight = this.article.getBoundingClientRect().bottom < window.innerHeight;
    change();
    if (isNew || wasInSight) {
      this.article.scrollIntoView({ block: "end" });
    }
  }

  /** Takes a chunk of the stream. */
  take(chunk) {
    this.usage = chunk.usage ?? this.usage;
    const choice = chunk.choices?.[0];
    if (!choice) {
      return;
    }
    if (choice.delta?.content) {
      this.first ??= performance.now();
      this.words += choice.delta.content;
      this.follow(false, () => (this.text.textContent = this.words));
    }
    this.boxes = choice.boxes ?? this.boxes;
    this.reason = choice.vlm_finish_reason ?? choice.finish_reason ?? this.reason;
  }

  /**
   * The answer is whole, or was stopped.
   * @param {boolean} wereBoxesAsked whether it is told if there are none
   */
  end(wasStopped, wereBoxesAsked) {
    this.ended = performance.now();
    this.follow(false, () => this.finish(wasStopped, wereBoxesAsked));
    if (this.words) {
      turns.push(this.question, { role: "assistant", words: this.words });
      shown = this.figures;
    }
  }

  finish(wasStopped, wereBoxesAsked) {
    const pretty = formatted(this.words);
    if (pretty !== null) {
      this.text.classList.add("code");
      this.text.textContent = pretty;
    } else if (!this.words) {
      say(this.text, "nothing");
    }
    this.showFigures(wasStopped);
    if (this.boxes) {
      const readable = boxes.readable(this.boxes);
      boxes.draw(this.figures, readable);
      if (readable.length > 0) {
        this.figuresLine.append(element("span", {}, boxes.inWords(readable)));
      }
    } else if (wereBoxesAsked && !wasStopped) {
      this.figuresLine.append(say(element("span"), "noBoxes"));
    }
    this.figuresLine.append(this.copier());
    this.article.removeAttribute("aria-busy");
  }

  showFigures(wasStopped) {
    const add = (key, ...values) => this.figuresLine.append(say(element("span"), key, ...values));
    if (this.usage) {
      add("tokens", number(this.usage.prompt_tokens), number(this.usage.completion_tokens));
    }
    if (this.first !== null) {
      add("firstToken", number((this.first - this.begun) / 1000, 2));
      const seconds = (this.ended - this.first) / 1000;
      const later = (this.usage?.completion_tokens ?? 0) - 1;
      // Of an answer that came at once, this would tell of the network.
      if (later > 0 && seconds > 0.02) {
        add("rate", number(later / seconds, later / seconds < 10 ? 1 : 0));
      }
    }
    if (wasStopped) {
      add("stopped");
    } else if (this.reason === "length" || this.reason === "repetition") {
      add(this.reason);
    } else if (this.reason && this.reason !== "stop") {
      this.figuresLine.append(element("span", {}, this.reason));
    }
  }

  copier() {
    const button = say(element("button.quiet", { type: "button" }), "copy");
    button.dataset.label = "copyAnswer";
    button.setAttribute("aria-label", text("copyAnswer"));
    button.addEventListener("click", () => copy(this.words, button));
    return button;
  }

  /** The question was not answered. */
  fail(message) {
    this.article.classList.add("failed");
    this.article.querySelector(".hidden").replaceWith(say(element("span.hidden"), "failed"));
    this.text.lang = "en";
    this.text.textContent = message;
    this.article.removeAttribute("aria-busy");
    this.follow(true);
  }
}

/** JSON with a line for each value; null if the words are no object or list. */
function formatted(words) {
  const bare = words.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, "$1");
  if (!/^[[{]/.test(bare)) {
    return null;
  }
  try {
    return JSON.stringify(JSON.parse(bare), null, 2);
  } catch {
    return null;
  }
}

/** Copies a text, and says so on the button for a moment. */
export async function copy(words, button) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    // Without TLS a browser has no clipboard for pages: the old way.
    const field = element("textarea.hidden", { value: words });
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  say(button, "copied");
  say(find("said"), "copied");
  setTimeout(() => {
    say(button, "copy");
    find("said").textContent = "";
    delete find("said").dataset.text;
  }, 1500);
}
