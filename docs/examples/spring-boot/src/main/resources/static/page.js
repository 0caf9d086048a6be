'use strict';

const SVG = 'http://www.w3.org/2000/svg';
const MAX_UPLOADS = 2; // at the same time
const MAX_ATTEMPTS = 5; // while the service is overloaded
const GONE = 'The service does not answer. It may have been stopped, or the network is down.';

const byId = (id) => document.getElementById(id);
const wait = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

/** Each has a file, its url and button; then a result with times, or an error. */
const entries = [];
let selected = null;
let uploads = 0;

// Uploads

function add(files) {
  const first = entries.length;
  for (const file of files) {
    const entry = { file, url: URL.createObjectURL(file), button: document.createElement('button') };
    const thumbnail = new Image();
    thumbnail.src = entry.url;
    thumbnail.alt = '';
    thumbnail.addEventListener('error', () => { thumbnail.style.visibility = 'hidden'; });
    entry.button.append(thumbnail, file.name);
    entry.button.addEventListener('click', () => select(entry));
    byId('files').append(entry.button);
    entries.push(entry);
  }
  if (entries.length > first) select(entries[first]);
  next();
}

function next() {
  const entry = entries.find((e) => !e.started);
  if (!entry || uploads >= MAX_UPLOADS) return;
  entry.started = true;
  uploads++;
  detect(entry).finally(() => {
    uploads--;
    show();
    next();
  });
  next();
}

async function detect(entry) {
  const form = new FormData();
  form.append('image', entry.file);
  const start = performance.now();
  try {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch('detect', { method: 'POST', body: form });
      if (response.status === 503 && attempt < MAX_ATTEMPTS) {
        entry.note = 'The service is busy. Trying again …';
        show();
        await wait(Number(response.headers.get('Retry-After')) || 1);
        continue;
      }
      const json = await response.json().catch(() => ({}));
      if (!response.ok) {
        entry.error = json.detail || `The service answered with status ${response.status}.`;
        return;
      }
      [entry.result] = json;
      entry.times = times(response.headers.get('Server-Timing') || '', performance.now() - start);
      return;
    }
  } catch (e) {
    entry.error = GONE;
    entry.gone = true;
  } finally {
    delete entry.note;
  }
}

/** "decode;dur=1.5, …" as text, with the time that the page waited. */
function times(header, total) {
  const stages = [...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, ms]) => `${name}\u00a0${ms}\u00a0ms`);
  return [...stages, `${Math.round(total)}\u00a0ms with the upload`].join(' · ');
}

// What is shown

const threshold = () => Number(byId('confidence').value);
const shown = (entry) => entry.result.detections.filter((d) => d.confidence >= threshold());
const objects = (n) => (n === 1 ? '1 object' : `${n} objects`);

function select(entry) {
  selected = entry;
  byId('image').src = entry.url;
  show();
  entry.button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function status(entry) {
  if (entry.error) return entry.error;
  if (!entry.result) return entry.note || `Detecting in ${entry.file.name} …`;
  const text = `${objects(shown(entry).length)} in ${entry.file.name}`;
  const done = entries.filter((e) => e.result);
  const total = done.reduce((sum, e) => sum + shown(e).length, 0);
  return entries.length === 1 ? text : `${text}, ${objects(total)} in ${done.length} of ${entries.length} images`;
}

function show() {
  byId('threshold').textContent = threshold().toFixed(2);
  if (!selected) return;
  for (const entry of entries) {
    entry.button.setAttribute('aria-current', entry === selected);
    entry.button.className = entry.error ? 'error' : entry.result ? '' : 'busy';
  }
  byId('status').textContent = status(selected);
  byId('status').classList.toggle('error', Boolean(selected.error));
  byId('retry').hidden = !entries.some((e) => e.gone);
  byId('result').hidden = byId('hint').hidden = !selected.result;
  if (!selected.result) return;
  const detections = shown(selected);
  drawBoxes(detections);
  listCounts(detections);
  listDetections(detections);
  byId('times').textContent = selected.times;
}

function listCounts(detections) {
  const counts = new Map();
  for (const d of [...detections].sort((a, b) => a.class - b.class)) {
    counts.set(d.class, { label: d.label, n: (counts.get(d.class)?.n || 0) + 1 });
  }
  byId('counts').replaceChildren(...[...counts].map(([id, { label, n }]) => {
    const item = document.createElement('li');
    item.append(swatch(id), `${n} ${label}`);
    return item;
  }));
}

function listDetections(detections) {
  const body = byId('table').tBodies[0];
  body.replaceChildren();
  for (const d of detections) {
    const row = body.insertRow();
    row.insertCell().append(swatch(d.class), d.label);
    row.insertCell().textContent = d.confidence.toFixed(2);
  }
}

function swatch(classId) {
  const square = document.createElement('i');
  square.style.background = color(classId);
  return square;
}

// Drawing: the same shapes for the page and the PNG

const FONT = '600 1px system-ui, sans-serif';
const ruler = document.createElement('canvas').getContext('2d');

/** The width of a text, as a multiple of the font size. */
function textWidth(text) {
  ruler.font = FONT.replace('1px', '100px');
  return ruler.measureText(text).width / 100;
}

/** The shapes of detections, from the lowest to the highest: masks and boxes, then labels. */
function shapes({ width, height }, detections) {
  const em = Math.max(9, 0.022 * Math.sqrt(width * height));
  const line = Math.max(1.5, em / 5.5);
  const reversed = [...detections].reverse(); // the most confident on top
  const areas = reversed.map((d) => {
    const [x1, y1, x2, y2] = d.box;
    const outline = (d.polygons || []).map((p) => `M${p.join(' ')}Z`).join('');
    return { id: d.class, x: x1, y: y1, w: x2 - x1, h: y2 - y1, outline };
  });
  const labels = reversed.map((d) => {
    const text = `${d.label} ${d.confidence.toFixed(2)}`;
    const w = (textWidth(text) + 0.8) * em;
    const [x1, y1] = d.box;
    return { id: d.class, text, x: Math.max(0, Math.min(x1, width - w)), y: y1 >= 1.4 * em ? y1 - 1.4 * em : y1, w, h: 1.4 * em };
  });
  return { em, line, areas, labels };
}

function element(name, attributes, parent, text) {
  const created = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => created.setAttribute(key, value));
  if (text !== undefined) created.textContent = text;
  return parent.appendChild(created);
}

function drawBoxes(detections) {
  const { result } = selected;
  const { em, line, areas, labels } = shapes(result, detections);
  const svg = byId('boxes');
  svg.replaceChildren();
  svg.setAttribute('viewBox', `0 0 ${result.width} ${result.height}`);
  for (const { id, x, y, w, h, outline } of areas) {
    if (outline) element('path', { d: outline, fill: color(id), 'fill-opacity': 0.4, 'fill-rule': 'evenodd' }, svg);
    element('rect', { class: 'box', x, y, width: w, height: h, fill: 'none', stroke: color(id), 'stroke-width': line }, svg);
  }
  for (const { id, text, x, y, w, h } of labels) {
    element('rect', { x, y, width: w, height: h, fill: color(id) }, svg);
    element('text', { x: x + 0.4 * em, y: y + 1.03 * em, 'font-size': em, fill: textColor(id) }, svg, text);
  }
}

async function png() {
  const { result, url } = selected;
  const { em, line, areas, labels } = shapes(result, shown(selected));
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = result.width;
  canvas.height = result.height;
  const g = canvas.getContext('2d');
  g.drawImage(picture, 0, 0, result.width, result.height);
  g.lineWidth = line;
  g.font = FONT.replace('1px', `${em}px`);
  for (const { id, x, y, w, h, outline } of areas) {
    g.fillStyle = g.strokeStyle = color(id);
    g.globalAlpha = 0.4;
    if (outline) g.fill(new Path2D(outline), 'evenodd');
    g.globalAlpha = 1;
    g.strokeRect(x, y, w, h);
  }
  for (const { id, text, x, y, w, h } of labels) {
    g.fillStyle = color(id);
    g.fillRect(x, y, w, h);
    g.fillStyle = textColor(id);
    g.fillText(text, x + 0.4 * em, y + 1.03 * em);
  }
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Events

byId('file').addEventListener('change', (e) => {
  add([...e.target.files]);
  e.target.value = ''; // so that the same file can be chosen again
});
byId('confidence').addEventListener('input', show);
byId('json').addEventListener('click', () => {
  const all = entries.filter((e) => e.result).map((e) => ({ ...e.result, detections: shown(e) }));
  download(new Blob([JSON.stringify(all, null, 1)], { type: 'application/json' }), 'detections.json');
});
byId('png').addEventListener('click', async () => {
  const name = selected.file.name.replace(/\.[^.]*$/, '');
  try {
    download(await png(), `${name}-detections.png`);
  } catch (e) {
    byId('status').textContent = `${selected.file.name}: this browser cannot draw the image.`;
  }
});
byId('retry').addEventListener('click', () => {
  for (const entry of entries.filter((e) => e.gone)) {
    delete entry.error;
    delete entry.gone;
    entry.started = false;
  }
  show();
  next();
});
document.addEventListener('keydown', (e) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
  if (!step || e.target.matches('input[type=range]') || e.altKey || e.ctrlKey || e.metaKey) return;
  const entry = entries[entries.indexOf(selected) + step];
  if (entry) select(entry);
});
for (const [type, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(type, (e) => {
    e.preventDefault();
    document.body.classList.toggle('over', over);
    if (type === 'drop') add([...e.dataTransfer.files]);
  });
}
