// Data, and how figures are said.
const data = JSON.parse(document.getElementById('data').textContent);
const state = {
  assume: data.assumptions.some(({ assume }) => assume === 'expected') ? 'expected' : data.assumptions[0]?.assume,
};
const NONE = '–';
const isKnown = (value) => value !== null && value !== undefined;
const bps = (value, places = 3) => (isKnown(value) ? value.toFixed(places).replace(/^-(0\.?0*)$/, '$1') : NONE);
const signed = (value) => (isKnown(value) && value > 0 ? `+${bps(value)}` : bps(value));
const counted = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
const many = (count, one, more = `${one}s`) => `${counted(count)} ${count === 1 ? one : more}`;
const unitOf = (objective) =>
  objective === 'costAllIn' || objective.endsWith('Bps')
    ? 'bps'
    : objective.startsWith('schedule')
      ? 'of the order'
      : 'quote';
const unit = unitOf(data.run.objective);
const costName = `${data.run.objective}, ${unit}`;
const percent = (share) => (share > 0 && share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`);
const chance = (p) => (isKnown(p) ? (p < 0.001 ? 'below 0.001' : p.toFixed(3)) : NONE);
const interval = ({ low, high }) => (isKnown(low) ? `${signed(low)} to ${signed(high)}` : null);
const timeOf = (micros) => new Date(micros / 1000).toISOString().slice(11, 19);
const dayTime = (iso) => iso.replace('T', ' ').replace('Z', ' UTC');
const current = () => data.assumptions.find(({ assume }) => assume === state.assume);

function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value !== false) node.setAttribute(key, value === true ? '' : value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
const find = (selector) => document.querySelector(selector);
const empty = (text) => el('p', { class: 'empty' }, text);

/** What the tooltips of the charts show: text, never markup of a name. */
const safe = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const lines = (...rows) => rows.filter(Boolean).map(safe).join('<br>');

function choice(label, options, chosen, onchange) {
  const select = el('select', { onchange: () => onchange(select.value) });
  for (const [value, text] of options) select.append(el('option', { value, selected: value === chosen }, text));
  return el('label', {}, `${label} `, select);
}

const setNamed = (number) => data.sets.find(({ set }) => set === number);
const parametersOf = ({ values }) => data.parameters.map((name, i) => `${name} ${values[i]}`).join(', ');
/** Who a set is, where it is someone. */
function roleOf(number) {
  const under = data.best.filter(({ set }) => set === number).map(({ assume }) => assume);
  return [
    ...(under.length ? [`best under ${under.join(', ')}`] : []),
    ...(number === data.run.baseline ? ['baseline'] : []),
  ].join(', ');
}
