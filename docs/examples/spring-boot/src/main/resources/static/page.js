'use strict';

const SVG = 'http://www.w3.org/2000/svg';
const byId = (id) => document.getElementById(id);
const image = byId('image');
let found = null;
let request = 0;

/** Neighbouring classes get hues far apart: steps of the golden angle. */
const colour = (classId) => `hsl(${(classId * 137.508 + 350) % 360} 75% 40%)`;

function element(name, attributes, parent, text) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) made.textContent = text;
  return parent.appendChild(made);
}

function say(text, isError = false) {
  byId('status').textContent = text;
  byId('status').classList.toggle('error', isError);
}

function draw() {
  const least = Number(byId('confidence').value);
  byId('least').textContent = least.toFixed(2);
  if (!found) return;
  const { width, height } = found;
  const shown = found.detections.filter((d) => d.confidence >= least);
  const svg = byId('boxes');
  svg.replaceChildren();
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const em = Math.max(width, height) / 48;
  const boxes = element('g', {}, svg);
  const labels = element('g', {}, svg); // no box runs through a label
  for (const d of [...shown].reverse()) { // the best on top
    const [x1, y1, x2, y2] = d.box;
    const label = `${d.label} ${d.confidence.toFixed(2)}`;
    const w = (label.length * 0.6 + 0.8) * em;
    const x = Math.min(x1, width - w);
    const y = y1 >= 1.4 * em ? y1 - 1.4 * em : y1;
    element('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1, stroke: colour(d.class) }, boxes);
    element('rect', { x, y, width: w, height: 1.4 * em, fill: colour(d.class) }, labels);
    element('text', { x: x + 0.4 * em, y: y + 1.03 * em, 'font-size': em, textLength: w - 0.8 * em }, labels, label);
  }
  const body = byId('table').tBodies[0];
  body.replaceChildren();
  for (const d of shown) {
    const row = body.insertRow();
    const swatch = document.createElement('i');
    swatch.style.background = colour(d.class);
    row.insertCell().append(swatch, d.label);
    row.insertCell().textContent = d.confidence.toFixed(2);
  }
  say(`${shown.length} found in ${found.image}`);
}

async function detect(file) {
  const mine = ++request;
  found = null;
  byId('stage').hidden = byId('table').hidden = true;
  say('Looking …');
  const form = new FormData();
  form.append('image', file);
  try {
    const answer = await fetch('detect', { method: 'POST', body: form });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.detail || answer.statusText);
    if (mine !== request) return; // another image was chosen meanwhile
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(file);
    await image.decode().catch(() => {}); // what the browser cannot show still has a table
    if (mine !== request) return;
    [found] = json;
    byId('stage').hidden = byId('table').hidden = false;
    draw();
  } catch (e) {
    if (mine === request) say(e.message, true);
  }
}

byId('file').addEventListener('change', (e) => { if (e.target.files[0]) detect(e.target.files[0]); });
byId('confidence').addEventListener('input', draw);
for (const [type, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(type, (e) => {
    e.preventDefault();
    document.body.classList.toggle('over', over);
    if (type === 'drop' && e.dataTransfer.files[0]) detect(e.dataTransfer.files[0]);
  });
}
