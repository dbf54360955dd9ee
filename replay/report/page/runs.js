// Best and worst runs, drawn against the market.
let whose = 'best set';

function showRuns() {
  const own = data.runs.filter(({ assume }) => assume === state.assume);
  find('#runs .hint').textContent =
    'What the order did while the market moved: quotes around the mid above, quantity below.';
  find('#runs .controls').replaceChildren(
    choice(
      'Of',
      [
        ['best set', 'the best set'],
        ['all sets', 'all sets'],
      ],
      whose,
      (value) => {
        whose = value;
        showRuns();
      },
    ),
  );
  const place = find('#runs .pair');
  forget(place);
  place.replaceChildren();
  const runs = own.filter((run) => run.of === whose);
  if (runs.length === 0) place.append(empty('No run was kept: no start was completed under this assumption.'));
  for (const run of runs) {
    const { which, set, session, start, cost, trace, seed } = run;
    const prices = el('div', { class: 'chart short' });
    const quantities = el('div', { class: 'chart short' });
    const reported = setNamed(set);
    place.append(
      el(
        'article',
        { class: 'card' },
        el('h3', {}, `${which === 'cheapest' ? 'Best' : 'Worst'} run: ${signed(cost)} ${unit}`),
        el(
          'p',
          { class: 'hint' },
          `set ${set} in ${session}, ${dayTime(start)}, seed ${seed}${reported ? `; ${parametersOf(reported)}` : ''}`,
        ),
        prices,
        quantities,
      ),
    );
    if (!trace?.window) {
      noChart(prices, 'The order never started.');
      continue;
    }
    const charts = [chart(prices, (c) => priceOptions(trace, c)), chart(quantities, (c) => quantityOptions(trace, c))];
    echarts.connect(charts);
  }
}

const ms = (micros) => micros / 1000;
const number = (text) => (text === null ? null : Number(text));
function timeAxis(c, { startAt, endAt }) {
  return {
    ...valueAxis(c, 'UTC'),
    type: 'time',
    scale: true,
    name: '',
    min: ms(startAt),
    max: ms(endAt),
    splitLine: { show: false },
    splitNumber: 4,
    axisLabel: { color: c.soft, hideOverlap: true, formatter: (at) => timeOf(at * 1000) },
  };
}
const shading = (trace, c) => ({
  silent: true,
  itemStyle: { color: c.orange, opacity: 0.12 },
  data: trace.aggressive.map(({ from, to }) => [{ xAxis: ms(from) }, { xAxis: ms(to ?? trace.window.endAt) }]),
});

function priceOptions(trace, c) {
  const { touch, fills, window: span } = trace;
  const at = ({ at: when }) => ms(when);
  const bid = touch.map((sample) => [at(sample), number(sample.bid)]);
  const ask = touch.map((sample) => [at(sample), number(sample.ask)]);
  const mid = touch.map((sample, i) => [
    at(sample),
    sample.bid === null || sample.ask === null ? null : (bid[i][1] + ask[i][1]) / 2,
  ]);
  const fillsOf = (kind) =>
    fills.filter(({ liquidity }) => liquidity === kind).map((fill) => [at(fill), Number(fill.price), fill.quantity]);
  const step = { type: 'line', step: 'end', symbol: 'none', connectNulls: false };
  return {
    grid: { left: 8, right: 16, top: 34, bottom: 8, outerBoundsMode: 'same' },
    tooltip: { ...tip(c), trigger: 'axis', formatter: (items) => quotesAt(trace, items) },
    xAxis: timeAxis(c, span),
    yAxis: valueAxis(c, 'price, quote', {
      ...upright,
      nameGap: 62,
      axisLabel: { color: c.soft, hideOverlap: true, formatter: (value) => String(value) },
    }),
    series: [
      { ...step, name: 'bid', data: bid, color: c.soft, lineStyle: { width: 1 }, markArea: shading(trace, c) },
      { ...step, name: 'ask', data: ask, color: c.soft, lineStyle: { width: 1, type: 'dashed' } },
      { ...step, name: 'mid', data: mid, color: c.ink, lineStyle: { width: 1.5 } },
      { name: 'maker fills', type: 'scatter', symbolSize: 8, color: c.green, data: fillsOf('maker'), z: 5 },
      {
        name: 'taker fills',
        type: 'scatter',
        symbol: 'triangle',
        symbolSize: 10,
        color: c.red,
        data: fillsOf('taker'),
        z: 6,
      },
    ],
  };
}

/** Quotes and spread at the pointer, and the fills there. */
function quotesAt({ touch }, items) {
  const at = items[0].axisValue;
  const { bid, ask } = touch.findLast((sample) => ms(sample.at) <= at) ?? touch[0] ?? { bid: null, ask: null };
  const quotes =
    bid === null || ask === null
      ? ['no usable quotes']
      : [
          `bid ${bid}`,
          `ask ${ask}`,
          `spread ${Number((ask - bid).toFixed(8))}, ${bps(((ask - bid) / ((Number(ask) + Number(bid)) / 2)) * 1e4)} bps`,
        ];
  const fills = items
    .filter(({ value }) => value[2] !== undefined)
    .map(({ value }) => `filled ${value[2]} at ${value[1]}`);
  return lines(timeOf(at * 1000), ...quotes, ...fills);
}

function quantityOptions(trace, c) {
  const { plan, lines: straight, fills, window: span } = trace;
  let sum = 0;
  const filled = [[ms(span.startAt), 0], ...fills.map(({ at, quantity }) => [ms(at), (sum += Number(quantity))])];
  filled.push([Math.max(ms(span.endAt), filled.at(-1)[0]), sum]);
  const planned = [
    ...plan.map(({ at, due }) => [ms(at), Number(due)]),
    ...(plan.length ? [[ms(span.endAt), Number(plan.at(-1).due)]] : []),
  ];
  const line = (key) => straight.map((point) => [ms(point.at), Number(point[key])]);
  const isOff = (key) => straight.every((point) => Number(point[key]) === Number(point.schedule));
  const named = [
    ['floor', c.red],
    ['cap', c.violet],
  ].filter(([key]) => !isOff(key));
  const base = { type: 'line', symbol: 'none' };
  return {
    grid: { left: 8, right: 16, top: 34, bottom: 8, outerBoundsMode: 'same' },
    tooltip: {
      ...tip(c),
      trigger: 'axis',
      formatter: (items) =>
        lines(
          timeOf(items[0].value[0] * 1000),
          ...items.map(({ seriesName, value }) => `${seriesName} ${Number(value[1].toFixed(8))}`),
        ),
    },
    xAxis: timeAxis(c, span),
    yAxis: valueAxis(c, 'quantity', { ...upright, nameGap: 62, scale: false, min: 0 }),
    series: [
      { ...base, name: 'plan', step: 'end', data: planned, color: c.soft, lineStyle: { width: 1.5 } },
      { ...base, name: 'schedule', data: line('schedule'), color: c.soft, lineStyle: { width: 1, type: 'dotted' } },
      ...named.map(([key, color]) => ({
        ...base,
        name: `${key} line`,
        data: line(key),
        color,
        lineStyle: { width: 1.2, type: 'dashed' },
        clip: true,
      })),
      {
        ...base,
        name: 'filled',
        step: 'end',
        data: filled,
        color: c.blue,
        lineStyle: { width: 2.5 },
        markArea: shading(trace, c),
      },
    ],
  };
}
