// The best sets side by side, and what the whole stands on.
const term = (name, text) => [el('dt', {}, name), el('dd', {}, text)];

function showLead() {
  const { counts, objective, sessions } = data.run;
  const { instrument = '', side = '', quantity, duration } = data.order;
  const order = [instrument, side, quantity, duration && `over ${duration}`].filter(Boolean).join(' ');
  find('#lead').textContent =
    `${order}. ${many(counts.desks, 'desk')}: ${many(counts.sets, 'set')} at ${many(counts.starts, 'start')} in ` +
    `${many(sessions.length, 'session')}. Costs are ${objective} in ${unit}; lower is better, below zero the order gained.`;
}

function sureness(best) {
  const { train } = data.assumptions.find(({ assume }) => assume === best.assume);
  if (best.set === best.baseline) return 'it is the baseline itself: no set is cheaper on average';
  return interval(best) === null
    ? `too few blocks: ${best.blocks}; no interval, no test`
    : `${interval(best)} (${Math.round(train.level * 100)} % interval, ${many(best.blocks, 'block')})`;
}

function card(best) {
  const { set, assume, mean, difference, starts, p, under, test } = best;
  const others = Object.entries(under).map(([other, figures]) => [
    ...term(
      `If ${other}`,
      isKnown(figures.mean) ? `${bps(figures.mean)} ${unit}, rank ${figures.rank}` : 'not compared',
    ),
  ]);
  const reported = setNamed(set);
  return el(
    'article',
    { class: 'card' },
    el('h3', {}, `Best under ${assume}: set ${set}`),
    el('div', { class: 'figure' }, `${bps(mean)} ${unit}`),
    el('p', {}, reported ? parametersOf(reported) : ''),
    el(
      'dl',
      {},
      ...term('Against baseline', `${signed(difference)} ${unit}, mean of ${many(starts, 'start')}`),
      ...term('How sure', sureness(best)),
      ...term(
        'Could be luck',
        isKnown(p) ? `p ${chance(p)} (SPA test of the whole grid)` : 'no test: too few blocks or nothing to compare',
      ),
      ...term(
        'On test sessions',
        test === null
          ? 'no session was kept for the test'
          : `${signed(test.difference)} ${unit}, ${interval(test) ?? `too few blocks: ${test.blocks}`}`,
      ),
      ...others.flat(),
    ),
  );
}

function showBest() {
  const place = find('#best .cards');
  const order = ['expected', 'pessimistic'];
  const place1 = ({ assume }) => (order.includes(assume) ? order.indexOf(assume) : order.length);
  const cards = [...data.best].sort((a, b) => place1(a) - place1(b)).map(card);
  const missing = order.filter((assume) => !data.assumptions.some((each) => each.assume === assume));
  if (cards.length === 0) place.append(empty('No set can be compared: no start is completed by every set.'));
  place.append(...cards);
  const notes = [
    ...missing.map((assume) => `This sweep did not run under ${assume}.`),
    ...data.assumptions.flatMap(({ assume, train }) => train.notes.map((note) => `${assume}: ${note}`)),
  ];
  const texts = new Map();
  for (const note of notes) {
    const [, who, what] = /^(\w+): (.*)$/.exec(note) ?? [undefined, '', note];
    texts.set(what, [...(texts.get(what) ?? []), who].filter(Boolean));
  }
  for (const [what, whose] of texts)
    find('#best .notes').append(el('li', {}, whose.length ? `${whose.join(', ')}: ${what}` : what));
}

function showGround() {
  const { engineVersion, seed, seeds, cut, sessions, skipped, files, longestWindowSeconds, objective, baseline } =
    data.run;
  const left = ['sets', 'desks'].flatMap((what) =>
    Object.entries(skipped[what]).map(([reason, count]) => `${counted(count)} ${what}: ${reason}`),
  );
  const fixed = Object.entries(data.order).map(([key, value]) => `${key} ${value}`);
  const facts = el(
    'dl',
    {},
    ...term(
      'Made by',
      `Reprise ${engineVersion}, seed ${seed}${seeds.length > 1 ? `, ${seeds.length} seeds (${seeds.join(', ')})` : ''}`,
    ),
    ...term('Objective', `${objective}; sets are compared start by start with set ${baseline}, the baseline`),
    ...term('Every order', fixed.join(', ')),
    ...term('Left out', left.length ? left.join('; ') : 'nothing'),
    ...term('Cut windows', cut === 'skip' ? 'skipped' : 'run and counted, never compared'),
    ...term('Longest window', `${longestWindowSeconds} s`),
    ...Object.entries(files).flatMap(([name, hash]) => [
      el('dt', {}, name),
      el('dd', { class: 'hash' }, `SHA-256 ${hash}`),
    ]),
  );
  const head = ['Session', 'Part', 'From', 'To', 'SHA-256 of its content'].map((name) => el('th', {}, name));
  const rows = sessions.map(({ name, part, from, to, contentHash }) =>
    el(
      'tr',
      {},
      ...[name, part, dayTime(from), dayTime(to)].map((text) => el('td', {}, text)),
      el('td', { class: 'hash' }, contentHash),
    ),
  );
  find('#stands .scroll').append(
    facts,
    el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows)),
  );
}
