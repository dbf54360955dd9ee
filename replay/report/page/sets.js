// A table of the sets, to be sorted and filtered.
const PAGE = 50;
const table = { by: 'rank', falling: false, filter: '', shown: PAGE };

const FIGURES = [
  ['rank', 'rank', (value) => (isKnown(value) ? String(value) : NONE)],
  ['mean', `mean, ${unit}`, bps],
  ['difference', 'against baseline', signed],
  ['low', 'from', signed],
  ['high', 'to', signed],
  ['deviation', 'std. deviation', bps],
  ['worstDecile', 'dearest tenth', signed],
  ['testDifference', 'on test', signed],
  ['starts', 'starts', String],
  ['incomplete', 'incomplete', String],
];

function columns() {
  const figure = (key) => (set) => set.under[state.assume]?.[key];
  const others = data.assumptions.filter(({ assume }) => assume !== state.assume);
  return [
    { key: 'set', name: 'set', isNumber: true, value: ({ set }) => set, text: String },
    ...data.parameters.map((name, i) => ({ key: `p:${name}`, name, value: ({ values }) => values[i], text: String })),
    ...FIGURES.filter(([key]) => key !== 'testDifference' || current()?.test).map(([key, name, text]) => ({
      key,
      name,
      isNumber: true,
      value: figure(key),
      text: (value) => text(value),
    })),
    ...others.map(({ assume }) => ({
      key: `m:${assume}`,
      name: `mean if ${assume}`,
      isNumber: true,
      value: (set) => set.under[assume]?.mean,
      text: (value) => bps(value),
    })),
  ];
}

/** Every word must be in the row: `quote join`, `aggressionFloor=20`, `baseline`. */
function matches(set) {
  const text =
    ` set=${set.set} ${data.parameters.map((name, i) => `${name}=${set.values[i]}`).join(' ')} ${roleOf(set.set)} `.toLowerCase();
  return table.filter
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => text.includes(word.includes('=') ? ` ${word} ` : word));
}

function amountOf(text) {
  const units = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400 };
  if (typeof text !== 'string') return text;
  if (text !== '' && Number.isFinite(Number(text.replace(/%$/, '')))) return Number(text.replace(/%$/, ''));
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|[smhd])/g)];
  return parts.length && parts.map(([part]) => part).join('') === text
    ? parts.reduce((sum, [, count, each]) => sum + Number(count) * units[each], 0)
    : text;
}

function compared(a, b) {
  if (!isKnown(a) || !isKnown(b)) return isKnown(a) ? -1 : isKnown(b) ? 1 : 0;
  const [one, other] = [amountOf(a), amountOf(b)];
  const order =
    typeof one === typeof other ? (one < other ? -1 : one > other ? 1 : 0) : typeof one === 'number' ? -1 : 1;
  return table.falling ? -order : order;
}

function showSets() {
  const all = columns();
  const by = all.find(({ key }) => key === table.by) ?? all[0];
  const rows = data.sets.filter(matches).sort((a, b) => compared(by.value(a), by.value(b)) || a.set - b.set);
  find('#sets .hint').textContent =
    `${counted(rows.length)} of ${many(data.sets.length, 'set')} under ${state.assume}, ${unit}.` +
    (data.setsLeftOut > 0
      ? ` ${many(data.setsLeftOut, 'set')} of lower rank left out of this page: they are in comparisons.json and results.csv.`
      : '') +
    ' A click on a head sorts.';
  const head = all.map(({ key, name, isNumber }) =>
    el(
      'th',
      {
        class: isNumber ? 'number' : '',
        scope: 'col',
        'aria-sort': key === by.key ? (table.falling ? 'descending' : 'ascending') : 'none',
      },
      el(
        'button',
        { type: 'button', onclick: () => sortBy(key) },
        `${name}${key === by.key ? (table.falling ? ' ▼' : ' ▲') : ''}`,
      ),
    ),
  );
  const body = rows.slice(0, table.shown).map((set) => {
    const role = roleOf(set.set);
    return el(
      'tr',
      { class: role ? 'marked' : '', title: role },
      ...all.map(({ value, text, isNumber }) => el('td', { class: isNumber ? 'number' : '' }, text(value(set)))),
    );
  });
  const more =
    rows.length > table.shown
      ? el(
          'p',
          {},
          el(
            'button',
            { type: 'button', onclick: () => ((table.shown += 4 * PAGE), showSets()) },
            `Show more of ${counted(rows.length)}`,
          ),
        )
      : null;
  find('#sets .scroll').replaceChildren(
    el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)),
    ...(rows.length === 0 ? [empty('No set has these words.')] : []),
    ...(more ? [more] : []),
  );
}

function sortBy(key) {
  table.falling = table.by === key ? !table.falling : false;
  table.by = key;
  showSets();
}

function showFilter() {
  const input = el('input', {
    type: 'search',
    size: 34,
    placeholder: 'quote=join aggressionFloor=20',
    oninput: () => ((table.filter = input.value), (table.shown = PAGE), showSets()),
  });
  find('#sets .controls').replaceChildren(el('label', {}, 'Only sets with ', input));
}
