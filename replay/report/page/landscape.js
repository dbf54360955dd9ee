// What cost goes with: one parameter, and two.
function showLandscape() {
  const { effects, heatMaps, train } = current();
  const grid = find('#landscape .grid');
  forget(grid);
  grid.replaceChildren();
  const banded = isKnown(effects[0]?.values[0]?.low);
  find('#landscape .hint').textContent =
    effects.length === 0
      ? ''
      : `Mean cost of the sets with each value, the other parameters as the grid has them. ` +
        (banded
          ? `The band is the ${Math.round(train.level * 100)} % interval of the difference to the mean of all sets.`
          : `No bands: too few blocks (${train.blocks.count}).`);
  if (effects.length === 0) grid.append(empty('No parameter varies among the sets that can be compared.'));
  const places = [];
  for (const effect of effects) {
    const place = el('div', { class: 'chart short' });
    const share = isKnown(effect.share)
      ? `explains ${percent(effect.share)} of the differences between sets, ${percent(effect.shareByChance)} by chance`
      : 'no set differs';
    grid.append(el('div', { class: 'card' }, el('h3', {}, effect.parameter), el('p', { class: 'hint' }, share), place));
    places.push([place, effect]);
  }
  for (const [place, effect] of places) chart(place, (c) => effectOptions(effect, c));
  showHeat(heatMaps);
}

const label = ({ from, to }) => {
  const text = (value) => (value === null ? NONE : String(value));
  return text(from) === text(to) ? text(from) : `${text(from)} – ${text(to)}`;
};

function effectOptions({ parameter, values }, c) {
  const whole = values.map(({ mean, difference }) => mean - difference);
  const bounds = (which) => values.map((value, i) => (isKnown(value[which]) ? whole[i] + value[which] : null));
  const [low, high] = [bounds('low'), bounds('high')];
  const line = { type: 'line', symbol: 'none', lineStyle: { opacity: 0 }, silent: true };
  const bands = low.some(isKnown)
    ? [
        { ...line, data: low, stack: 'band', stackStrategy: 'all' },
        {
          ...line,
          data: high.map((value, i) => (isKnown(value) ? value - low[i] : null)),
          stack: 'band',
          stackStrategy: 'all',
          areaStyle: { color: c.band },
        },
      ]
    : [];
  return {
    grid: { left: 26, right: 16, top: 12, bottom: 6, outerBoundsMode: 'same' },
    tooltip: {
      ...tip(c),
      trigger: 'axis',
      formatter: ([{ dataIndex: i }]) =>
        lines(
          `${parameter} ${label(values[i])}`,
          `mean ${bps(values[i].mean)} ${unit}`,
          isKnown(low[i]) && `${bps(low[i])} to ${bps(high[i])}`,
          many(values[i].sets, 'set'),
        ),
    },
    xAxis: nameAxis(c, values.map(label), '', { boundaryGap: true }),
    yAxis: valueAxis(c, costName, upright),
    series: [
      ...bands,
      {
        type: 'line',
        data: values.map(({ mean }) => mean),
        color: c.blue,
        symbol: 'circle',
        symbolSize: 8,
        lineStyle: { width: 2 },
      },
    ],
  };
}

let pair = '';
function showHeat(maps) {
  const place = find('#landscape .heat');
  forget(place);
  place.replaceChildren();
  if (maps.length === 0) return;
  const names = maps.map(({ x, y }) => `${x} × ${y}`);
  if (!names.includes(pair)) pair = names[0];
  const map = maps[names.indexOf(pair)];
  const choose = choice(
    'Two at once',
    names.map((name) => [name, name]),
    pair,
    (name) => {
      pair = name;
      showHeat(maps);
    },
  );
  const canvas = el('div', { class: 'chart tall' });
  canvas.style.height = `${Math.min(520, 170 + 46 * map.yValues.length)}px`;
  place.append(el('div', { class: 'controls' }, choose), canvas);
  chart(canvas, (c) => heatOptions(map, c));
}

function heatOptions({ x, y, xValues, yValues, cells }, c) {
  const means = cells.map(([, , mean]) => mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const scale = ['#0b4f8a', '#3f8fc9', '#b9d7e8', '#f3e3c3', '#e59a4f', '#a8430d'];
  const isPale = (mean) => {
    const at = (mean - least) / (most - least || 1);
    return at > 0.3 && at < 0.75;
  };
  const narrow = innerWidth < 600;
  return {
    grid: { left: 8, right: 16, top: 12, bottom: 76, outerBoundsMode: 'same' },
    tooltip: {
      ...tip(c),
      formatter: ({ value: [i, j, mean, sets] }) =>
        lines(`${x} ${xValues[i]}`, `${y} ${yValues[j]}`, `mean ${bps(mean)} ${unit}`, many(sets, 'set')),
    },
    xAxis: nameAxis(c, xValues, x),
    yAxis: nameAxis(c, yValues, y, { nameRotate: 90, nameGap: 64 }),
    visualMap: {
      min: least,
      max: most === least ? least + 1e-9 : most,
      dimension: 2,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: narrow ? 140 : 220,
      itemWidth: 12,
      precision: 2,
      text: [`${bps(most, 2)} ${unit}`, bps(least, 2)],
      textStyle: { color: c.ink },
      inRange: { color: scale },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map((cell) => ({ value: cell, label: { color: isPale(cell[2]) ? '#10151c' : '#ffffff' } })),
        label: { show: cells.length <= (narrow ? 20 : 80), formatter: ({ value }) => bps(value[2], 2) },
        itemStyle: { borderColor: c.paper, borderWidth: 2 },
        emphasis: { itemStyle: { borderColor: c.ink } },
      },
    ],
  };
}
