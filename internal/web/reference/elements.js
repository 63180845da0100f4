// An element with properties and children; text is never read as HTML.
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== undefined && child !== ''));
  return made;
}

// A text in which `code` is marked.
export const prose = (text) => text.split('`').map((part, i) => (i % 2 ? element('code', {}, part) : part));

// JSON as it is read best; what is none stays as it is.
export function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
