// Elements are made here alone, and what they say is always text: nothing of an answer, a file name or a model name can
// become HTML.

/** The element of an id. */
export function find(id) {
  return document.getElementById(id);
}

/**
 * Makes an element.
 * @param {string} tag such as "p", or "p.note" with a class
 * @param {object} properties set on the element; of those with a dash the attribute
 * @param {...(Node|string)} children texts, or other elements
 */
export function element(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  made.classList.add(...classes);
  for (const [property, value] of Object.entries(properties)) {
    if (property.includes("-") || property === "role" || property === "for") {
      made.setAttribute(property, value);
    } else {
      made[property] = value;
    }
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element of a drawing. */
export function shape(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
