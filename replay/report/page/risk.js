// Cost against risk, other assumptions, and session by session.
let measure = 'deviation';
const MEASURES = {
  deviation: 'standard deviation of the difference',
  worstDecile: 'mean of the dearest tenth of differences',
};
const rolesIn = (c) => [
  ['expected', c.blue],
  ['pessimistic', c.orange],
  ['optimistic', c.green],
];

function showRisk() {
  const place = find('#risk .chart');
  const points = data.sets.filter(
    ({ under }) => isKnown(under[state.assume]?.difference) && isKnown(under[state.assume][measure]),
  );
  find('#risk .hint').textContent =
    `One point a set, against the baseline start by start. Left is cheaper, lower varies less.` +
    (data.setsLeftOut > 0 ? ` ${many(data.setsLeftOut, 'set')} of lower rank not shown.` : '');
  find('#risk .controls').replaceChildren(
    choice('Risk', Object.entries(MEASURES), measure, (value) => {
      measure = value;
      showRisk();
    }),
  );
  if (points.length === 0) return noChart(place, 'Nothing to draw: no set is compared, or there is only one start.');
  place.style.height = '';
  chart(place, (c) => riskOptions(points, c));
}

function riskOptions(points, c) {
  const value = (set) => [set.under[state.assume].difference, set.under[state.assume][measure], set.set];
  const special = [];
  for (const [assume, color] of rolesIn(c)) {
    const best = data.best.find((each) => each.assume === assume);
    const set = best && points.find((each) => each.set === best.set);
    const known = special.find((each) => each.set === set);
    if (known) known.name += `, ${assume}`;
    else if (set) special.push({ name: `best under ${assume}`, color, set });
  }
  const baseline = points.find(({ set }) => set === data.run.baseline);
  if (baseline && special.every(({ set }) => set !== baseline))
    special.push({ name: 'baseline', color: c.red, set: baseline });
  return {
    grid: { left: 8, right: 24, top: 44, bottom: 8, outerBoundsMode: 'same' },
    tooltip: {
      ...tip(c),
      formatter: ({ value: [difference, risk, number] }) => {
        const set = setNamed(number);
        return lines(
          `set ${number}${roleOf(number) ? ` (${roleOf(number)})` : ''}`,
          ...data.parameters.map((name, i) => `${name} ${set.values[i]}`),
          `difference ${signed(difference)} ${unit}`,
          `${MEASURES[measure]} ${bps(risk)} ${unit}`,
        );
      },
    },
    xAxis: valueAxis(c, `mean difference to the baseline, ${unit}`),
    yAxis: valueAxis(c, `${measure === 'deviation' ? 'standard deviation' : 'dearest tenth'}, ${unit}`, upright),
    series: [
      {
        name: 'sets',
        type: 'scatter',
        symbolSize: points.length > 300 ? 5 : 8,
        color: c.soft,
        itemStyle: { opacity: 0.6 },
        data: points.map(value),
      },
      ...special.map(({ name, color, set }, i) => ({
        name,
        type: 'scatter',
        symbol: ['circle', 'diamond', 'triangle', 'rect'][i % 4],
        symbolSize: 20 - 3 * i,
        color,
        z: 5 + i,
        itemStyle: { borderColor: c.paper, borderWidth: 1 },
        data: [value(set)],
      })),
    ],
  };
}

const BANDED = 15;
function showBands() {
  const place = find('#bands .chart');
  const assumes = data.assumptions.map(({ assume }) => assume);
  const rank = ({ under }) => under[state.assume]?.rank ?? Infinity;
  const special = new Set(data.best.map(({ set }) => set));
  const known = data.sets
    .filter(({ set, under }) => set !== data.run.baseline || special.has(set))
    .filter(({ under }) => assumes.some((assume) => isKnown(under[assume]?.mean)));
  const sets = [...known].sort((a, b) => rank(a) - rank(b) || a.set - b.set);
  const shown = sets.filter((set, i) => i < BANDED || special.has(set.set));
  find('#bands .hint').textContent =
    assumes.length < 2
      ? `This sweep ran under ${assumes[0] ?? 'no assumption'} alone; sweep with --assume optimistic,expected,pessimistic to see how far its fills can be trusted.`
      : `The same set under each assumption of what cannot be seen: the ${Math.min(BANDED, sets.length)} cheapest under ${state.assume}, and the best ones; the baseline is in the table. The line is how far apart the assumptions are; none of them is a bound.`;
  if (shown.length === 0) return noChart(place, 'Nothing to draw: no set is compared.');
  place.style.height = `${90 + shown.length * 24}px`;
  chart(place, (c) => bandOptions(shown.reverse(), assumes, c));
}

function bandOptions(sets, assumes, c) {
  const palette = Object.fromEntries(rolesIn(c));
  const names = sets.map(({ set }) => `set ${set}${set === data.run.baseline ? ' (baseline)' : ''}`);
  const means = ({ under }) => assumes.map((assume) => under[assume]?.mean).filter(isKnown);
  return {
    tooltip: {
      ...tip(c),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: ([{ dataIndex: i }]) =>
        lines(
          `set ${sets[i].set} ${roleOf(sets[i].set)}`,
          parametersOf(sets[i]),
          ...assumes.map((assume) => `${assume} ${bps(sets[i].under[assume]?.mean)} ${unit}`),
        ),
    },
    xAxis: valueAxis(c, `mean ${costName}`),
    yAxis: nameAxis(c, names, '', { axisLabel: { color: c.soft, interval: 0 } }),
    series: [
      {
        type: 'custom',
        silent: true,
        data: sets.map((set, i) => [i, Math.min(...means(set)), Math.max(...means(set))]),
        encode: { x: [1, 2], y: 0 },
        renderItem: (_, api) => {
          const [from, to] = [api.coord([api.value(1), api.value(0)]), api.coord([api.value(2), api.value(0)])];
          return {
            type: 'line',
            shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
            style: { stroke: c.soft, lineWidth: 3 },
          };
        },
      },
      ...assumes.map((assume, n) => ({
        name: assume,
        type: 'scatter',
        symbol: { optimistic: 'triangle', expected: 'circle', pessimistic: 'diamond' }[assume] ?? 'rect',
        symbolSize: 12 - 2 * n,
        color: palette[assume],
        data: sets.map(({ under }, i) => [under[assume]?.mean ?? null, i]),
      })),
    ],
  };
}

function showSessions() {
  const place = find('#sessions .chart');
  const { sessions } = current();
  const names = data.run.sessions.map(({ name }) => name);
  const series = sessions.filter(({ train, test }) => train.length + test.length > 0);
  find('#sessions .hint').textContent =
    series.length === 0
      ? ''
      : `Mean difference to the baseline in each session, under ${state.assume}. Below zero the set is cheaper there; a set that can be relied on is below zero in most.`;
  if (series.length === 0) return noChart(place, 'Nothing to draw: no set is compared.');
  place.style.height = '';
  chart(place, (c) => sessionOptions(series, names, c));
}

function sessionOptions(series, names, c) {
  const palette = Object.fromEntries(rolesIn(c));
  const colourOf = (set) =>
    rolesIn(c).find(([assume]) => data.best.some((each) => each.set === set && each.assume === assume))?.[0];
  const part = Object.fromEntries(data.run.sessions.map(({ name, part: own }) => [name, own]));
  return {
    grid: { left: 8, right: 24, top: 40, bottom: 8, outerBoundsMode: 'same' },
    tooltip: {
      ...tip(c),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (items) =>
        lines(
          `${names[items[0].dataIndex]} (${part[names[items[0].dataIndex]]})`,
          ...items.map(({ seriesName, value, dataIndex }) => {
            const all = series.find(({ set }) => nameOf(set) === seriesName);
            const found = [...all.train, ...all.test].find(({ session }) => session === names[dataIndex]);
            return `${seriesName}: ${signed(value)} ${unit}${found ? `, mean ${bps(found.mean)}, ${many(found.starts, 'start')}` : ''}`;
          }),
        ),
    },
    xAxis: nameAxis(c, names, '', {
      axisLabel: {
        color: c.soft,
        hideOverlap: true,
        formatter: (name) => (part[name] === 'test' ? `${name} (test)` : name),
      },
      axisLine: { onZero: true, lineStyle: { color: c.soft } },
    }),
    yAxis: valueAxis(c, `difference, ${unit}`, { ...upright, scale: false }),
    series: series.map(({ set, train, test }) => ({
      name: nameOf(set),
      type: 'bar',
      barMaxWidth: 34,
      color: palette[colourOf(set)] ?? c.violet,
      data: names.map((name) => [...train, ...test].find(({ session }) => session === name)?.difference ?? null),
    })),
  };
}
const nameOf = (set) => `set ${set}${roleOf(set) ? `, ${roleOf(set)}` : ''}`;
