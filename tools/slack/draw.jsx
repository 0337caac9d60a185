// Draws messages, modals and the home tab as Slack will, for pictures of cards in development.
//
// window.draw(surfaces, pictures): surfaces are Slack's own JSON (a list of blocks, or a view),
// drawn one under another; pictures are data URLs by the id of the uploaded file.
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import "./draw.css";

const APP = "Trivselsbot";
const LOGO =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="6" fill="#0f766e"/>' +
      '<path d="M10 25C9 14 17 9 27 9c0 11-6 17-15 15m-3 4c2-6 6-10 11-12" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/></svg>',
  );

// The library reads markup in plain text too, and gives words no way out of it; Slack reads none.
// A joiner that nobody sees keeps it from finding any.
const literal = (text) => text.replace(/[*_~`:]/g, "$&\u2060").replace(/^(>|-|\d+\.)/gm, "\u2060$1");

function shown(one, pictures) {
  if (Array.isArray(one)) return one.map((part) => shown(part, pictures));
  if (one === null || typeof one !== "object") return one;
  const part = Object.fromEntries(Object.entries(one).map(([k, v]) => [k, shown(v, pictures)]));
  if (part.type === "plain_text") part.text = literal(part.text);
  if (part.type === "raw_text") part.text = literal(part.text);
  if (part.type === "input") part.element = standing(part);
  if (part.type === "image" && part.slack_file) {
    const { slack_file, ...image } = part;
    return { ...image, image_url: pictures[slack_file.id] ?? "" };
  }
  return part;
}

// The library keeps a list's choice and a box's emptiness to itself, in English, and takes inputs of
// the same name for one question.
function standing({ block_id, element }) {
  const said = element.initial_option?.text ?? { type: "plain_text", text: "\u2060" };
  const choice = element.type.endsWith("_select") || element.type === "plain_text_input";
  const placeholder = choice ? { placeholder: element.placeholder ?? said } : {};
  return { ...element, ...placeholder, action_id: `${block_id}.${element.action_id}` };
}

const Blocks = ({ blocks }) => (
  <Message blocks={blocks} name={APP} logo={LOGO} theme="light" withoutWrapper />
);

const Modal = ({ view }) => (
  <section className="modal">
    <header>
      <img src={LOGO} alt="" />
      <h2>{view.title.text}</h2>
      <span className="close">×</span>
    </header>
    <main><Blocks blocks={view.blocks} /></main>
    <footer>
      {view.close && <span className="button">{view.close.text}</span>}
      {view.submit && <span className="button primary">{view.submit.text}</span>}
    </footer>
  </section>
);

function Surface({ surface }) {
  if (Array.isArray(surface)) {
    const at = new Date(2026, 2, 3, 9, 30);
    return (
      <section className="message">
        <Message blocks={surface} name={APP} logo={LOGO} theme="light" time={at} />
      </section>
    );
  }
  if (surface.type === "modal") return <Modal view={surface} />;
  return <section className="home"><Blocks blocks={surface.blocks} /></section>;
}

// What only the page shows: a line is lower than a box, a chosen option is no hint, and a day is no
// American's alone.
function settle(surfaces) {
  const inputs = surfaces
    .flatMap((one) => (Array.isArray(one) ? one : one.blocks))
    .filter((block) => block.type === "input")
    .map((block) => block.element);
  const boxes = inputs.filter((one) => one.type === "plain_text_input");
  document.querySelectorAll("textarea").forEach((box, n) => {
    if (!boxes[n]?.multiline) box.dataset.line = "";
  });
  const chosen = new Set(inputs.map((one) => one.initial_option?.text.text).filter(Boolean));
  document.querySelectorAll(".pointer-events-none").forEach((one) => {
    if (chosen.has(one.textContent)) one.dataset.chosen = "";
  });
  document.querySelectorAll("input[type=date]").forEach((one) => {
    const day = one.value;
    one.type = "text";
    one.value = day;
  });
}

window.draw = (surfaces, pictures = {}) => {
  const root = createRoot(document.getElementById("card"));
  const drawn = shown(surfaces, pictures);
  flushSync(() => root.render(drawn.map((one, n) => <Surface key={n} surface={one} />)));
  settle(surfaces);
};
