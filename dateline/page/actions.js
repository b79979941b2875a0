// Buttons that copy a quote, and keys that go through the quotes. Text is never markup here: it is
// set by textContent or written to the clipboard.
const CARDS = '[class*="st-key-quote-"], [class*="st-key-opened-"]';
const KEYS = [
  ["/", "go to the question"],
  ["j", "next quote"],
  ["k", "previous quote"],
  ["o", "open the quote in its article"],
  ["c", "copy the quote"],
  ["?", "show these keys"],
];

const copied = async (button, text) => {
  const before = button.dataset.label;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Could not copy";
  }
  setTimeout(() => { button.textContent = before; }, 3000);
};

const copyButtons = (root, data) => {
  const row = document.createElement("div");
  row.className = "dateline-copy";
  const address = new URL(data.link, window.location.href).href;
  for (const [name, text] of [["quote", data.quote], ["citation", data.citation], ["link", address]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = button.dataset.label = `Copy ${name}`;
    button.setAttribute("aria-label", `Copy ${name} ${data.number}`);
    button.dataset.copy = name;
    button.onclick = () => copied(button, text);
    row.append(button);
  }
  root.replaceChildren(row);
};

const help = (root) => {
  const dialog = document.createElement("dialog");
  dialog.className = "dateline-keys";
  dialog.setAttribute("aria-label", "Keys");
  const list = document.createElement("dl");
  for (const [key, told] of KEYS) {
    const term = document.createElement("dt");
    const name = document.createElement("kbd");
    const meaning = document.createElement("dd");
    name.textContent = key;
    meaning.textContent = told;
    term.append(name);
    list.append(term, meaning);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.onclick = () => dialog.close();
  dialog.append(list, close);
  root.replaceChildren(dialog);
  return dialog;
};

const typing = (element) =>
  element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

const follow = (root, data) => {
  const dialog = help(root);
  const box = () => document.querySelector('input[aria-label="Question"]');
  const cards = () => [...document.querySelectorAll(CARDS)];
  const current = () => cards().find((card) => card.contains(document.activeElement));
  const go = (step) => {
    const all = cards();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => (current() ?? cards()[0])?.querySelector(selector)?.click();
  const actions = {
    "/": () => box()?.focus(),
    j: () => go(1),
    k: () => go(-1),
    o: () => press('[data-testid="stBaseButton-tertiary"]'),
    c: () => press('[data-copy="quote"]'),
    "?": () => (dialog.open ? dialog.close() : dialog.showModal()),
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", onKey);
  // The box may be drawn after this, or once more: look for a while, but never against a reader.
  let looks = data.focus ? 20 : 0;
  const begin = () => {
    if (looks-- > 0 && document.activeElement === document.body) box()?.focus({ preventScroll: true });
    if (looks > 0) setTimeout(begin, 150);
  };
  const stop = () => { looks = 0; };
  for (const move of ["pointerdown", "keydown"]) document.addEventListener(move, stop, { once: true });
  begin();
  return () => {
    stop();
    document.removeEventListener("keydown", onKey);
  };
};

export default ({ data, parentElement }) =>
  data.keys ? follow(parentElement, data) : copyButtons(parentElement, data);
