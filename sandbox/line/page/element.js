// SPDX-License-Identifier: Apache-2.0
// Builds elements without markup, as the page's policy (no inline script or style) demands.

/**
 * An element. `props`: `class`, `text`, `on` (listeners), `style` (properties), everything else an attribute;
 * null, undefined and false leave an attribute out. Children may be null.
 */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (name === "style") look(made, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A button that submits nothing. */
export function button(props, ...children) {
  return el("button", { type: "button", ...props }, ...children);
}

/** Sets style properties through the object model; null leaves one out. */
export function look(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value !== null && value !== undefined) element.style.setProperty(name, String(value));
  }
  return element;
}
