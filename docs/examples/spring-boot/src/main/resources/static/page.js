'use strict';

const SVG = 'http://www.w3.org/2000/svg';
const byId = (id) => document.getElementById(id);
const image = byId('image');
let result = null;
let request = 0;

/** Adjacent class ids get very different hues: multiples of the golden angle. */
const color = (classId) => `hsl(${(classId * 137.508 + 350) % 360} 75% 40%)`;

function element(name, attributes, parent, text) {
  const created = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => created.setAttribute(key, value));
  if (text !== undefined) created.textContent = text;
  return parent.appendChild(created);
}

function showStatus(text, isError = false) {
  byId('status').textContent = text;
  byId('status').classList.toggle('error', isError);
}

function draw() {
  const threshold = Number(byId('confidence').value);
  byId('threshold').textContent = threshold.toFixed(2);
  if (!result) return;
  const { width, height } = result;
  const shown = result.detections.filter((d) => d.confidence >= threshold);
  const svg = byId('boxes');
  svg.replaceChildren();
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const em = Math.max(width, height) / 48;
  const boxes = element('g', {}, svg);
  const labels = element('g', {}, svg); // above all boxes
  for (const d of [...shown].reverse()) { // the most confident on top
    const [x1, y1, x2, y2] = d.box;
    const label = `${d.label} ${d.confidence.toFixed(2)}`;
    const w = (label.length * 0.6 + 0.8) * em;
    const x = Math.min(x1, width - w);
    const y = y1 >= 1.4 * em ? y1 - 1.4 * em : y1;
    element('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1, stroke: color(d.class) }, boxes);
    element('rect', { x, y, width: w, height: 1.4 * em, fill: color(d.class) }, labels);
    element('text', { x: x + 0.4 * em, y: y + 1.03 * em, 'font-size': em, textLength: w - 0.8 * em }, labels, label);
  }
  const body = byId('table').tBodies[0];
  body.replaceChildren();
  for (const d of shown) {
    const row = body.insertRow();
    const swatch = document.createElement('i');
    swatch.style.background = color(d.class);
    row.insertCell().append(swatch, d.label);
    row.insertCell().textContent = d.confidence.toFixed(2);
  }
  showStatus(`${shown.length} objects in ${result.image}`);
}

async function detect(file) {
  const current = ++request;
  result = null;
  byId('stage').hidden = byId('table').hidden = true;
  showStatus('Detecting …');
  const form = new FormData();
  form.append('image', file);
  try {
    const response = await fetch('detect', { method: 'POST', body: form });
    const json = await response.json();
    if (!response.ok) throw new Error(json.detail || response.statusText);
    if (current !== request) return; // another image was chosen meanwhile
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(file);
    await image.decode().catch(() => {}); // if the browser cannot show the image, the table still helps
    if (current !== request) return;
    [result] = json;
    byId('stage').hidden = byId('table').hidden = false;
    draw();
  } catch (e) {
    if (current === request) showStatus(e.message, true);
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
