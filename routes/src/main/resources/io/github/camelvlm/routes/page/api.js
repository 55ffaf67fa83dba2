// Asks the server: with the key if there is one, and errors as the server words them.

import { text } from "./texts.js";

const KEPT = "camel-vlm.key";

/** A request that failed; its message is for people. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The key that this tab keeps, or an empty text. */
export function key() {
  return sessionStorage.getItem(KEPT) ?? "";
}

/** Keeps a key until the tab is closed. */
export function useKey(value) {
  if (value) {
    sessionStorage.setItem(KEPT, value);
  } else {
    sessionStorage.removeItem(KEPT);
  }
}

async function send(path, options = {}) {
  const headers = { ...options.headers };
  if (key()) {
    headers.Authorization = `Bearer ${key()}`;
  }
  let response;
  try {
    response = await fetch(new URL(path, document.baseURI), { ...options, headers, cache: "no-store" });
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    throw new ApiError(text("unreachable", failure.message), 0);
  }
  if (!response.ok) {
    const body = await response.text();
    let message = `HTTP ${response.status}`;
    try {
      message = JSON.parse(body).error.message;
    } catch {
      // A proxy's own page: its status says enough.
    }
    throw new ApiError(message, response.status);
  }
  return response;
}

/** What GET gives, as JSON. */
export async function get(path) {
  return (await send(path)).json();
}

/** What GET gives, as bytes. */
export async function getBlob(path) {
  return (await send(path)).blob();
}

/**
 * Asks for an answer, and hands out its chunks as they come.
 * @param {object} request a chat completion request that streams
 * @param {(chunk: object) => void} take is given each chunk
 * @param {AbortSignal} signal ends it
 */
export async function ask(request, take, signal) {
  const response = await send("v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
    signal,
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch (failure) {
      throw failure.name === "AbortError" ? failure : new ApiError(text("brokenOff"), 0);
    }
    if (piece.done) {
      throw new ApiError(text("brokenOff"), 0);
    }
    const lines = (rest + piece.value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      // Comments keep the connection alive.
      if (!line.startsWith("data:")) {
        continue;
      }
      const data = line.slice(5).trim();
      if (data === "[DONE]") {
        return;
      }
      const chunk = JSON.parse(data);
      if (chunk.error) {
        throw new ApiError(chunk.error.message, response.status);
      }
      take(chunk);
    }
  }
}
