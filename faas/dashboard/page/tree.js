// What the page should look like, compared with what it looks like: only differences are touched, so that nothing
// flickers, and focus, selection and scrolling stay where they are.

const SVG = "http://www.w3.org/2000/svg";
const hooked = new Map();
const NOTHING = [null, undefined, false, ""];

/** Describe an element. `key` keeps it apart from its siblings, `hook` is called once with the new element and may
 * return what to do when it is gone, `own` leaves its children to the hook. */
export function h(tag, props, ...children) {
  const shown = children.flat(Infinity).filter((child) => !NOTHING.includes(child));
  return { tag, props: props ?? {}, children: shown };
}

/** Make `parent` contain these children. */
export function render(parent, ...children) {
  patch(parent, h("", null, children).children);
  for (const [element, leave] of hooked) {
    if (element.isConnected) continue;
    hooked.delete(element);
    leave();
  }
}

function patch(parent, wanted) {
  const keys = new Set(wanted.map((child) => child.props?.key));
  const keyed = new Map();
  for (const node of [...parent.childNodes]) {
    if (node.key === undefined) continue;
    // What is not wanted any more may not stand between its neighbors and what they are compared with.
    if (keys.has(node.key)) keyed.set(node.key, node);
    else node.remove();
  }
  let at = parent.firstChild;
  for (const child of wanted) {
    const node = typeof child === "object" ? element(parent, child, at, keyed) : text(String(child), at);
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
    if (typeof child === "object") update(node, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function text(content, at) {
  if (at?.nodeType !== Node.TEXT_NODE) return document.createTextNode(content);
  if (at.data !== content) at.data = content;
  return at;
}

function element(parent, { tag, props }, at, keyed) {
  const found = props.key === undefined ? at : keyed.get(props.key);
  if (found?.localName === tag && found.key === props.key) return found;
  const space = tag === "svg" || parent.namespaceURI === SVG ? SVG : parent.namespaceURI;
  const made = document.createElementNS(space, tag);
  made.key = props.key;
  return made;
}

function update(node, { props, children }) {
  const before = node.props ?? {};
  for (const name of Object.keys({ ...before, ...props })) {
    if (name === "key" || name === "own" || name === "hook" || before[name] === props[name]) continue;
    if (name.startsWith("on")) node[name] = props[name] ?? null;
    else if (props[name] === undefined || props[name] === null || props[name] === false) node.removeAttribute(name);
    else node.setAttribute(name, props[name] === true ? "" : props[name]);
  }
  node.props = props;
  if (!props.own) patch(node, children);
  if (props.hook && !before.hook) {
    const leave = props.hook(node);
    if (leave) hooked.set(node, leave);
  }
}
