// Charts in the colours of the page, drawn again where those change.
const drawn = new Map();

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ['paper', 'card', 'ink', 'soft', 'rule', 'blue', 'orange', 'green', 'red', 'violet', 'band'].map((name) => [
      name,
      of(name),
    ]),
  );
}

/** Draws what `optionsOf(colours)` says; without options the place says why. */
function chart(place, optionsOf) {
  drawn.get(place)?.chart.dispose();
  place.replaceChildren();
  sizes.observe(place);
  const made = echarts.init(place, null, { renderer: 'canvas' });
  drawn.set(place, { chart: made, optionsOf });
  made.setOption({ ...basic(colours()), ...optionsOf(colours()) });
  return made;
}

function noChart(place, text) {
  drawn.get(place)?.chart.dispose();
  drawn.delete(place);
  place.style.height = 'auto';
  place.replaceChildren(empty(text));
}

function forget(within) {
  for (const [place, { chart: made }] of drawn)
    if (within.contains(place)) {
      made.dispose();
      drawn.delete(place);
    }
}

const basic = (c) => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { color: c.ink, fontFamily: 'system-ui, sans-serif' },
  grid: { left: 8, right: 24, top: 40, bottom: 8, outerBoundsMode: 'same' },
  legend: {
    top: 0,
    textStyle: { color: c.ink },
    inactiveColor: c.rule,
    type: 'scroll',
    pageTextStyle: { color: c.soft },
    pageIconColor: c.blue,
  },
});

const tip = (c) => ({
  backgroundColor: c.card,
  borderColor: c.rule,
  textStyle: { color: c.ink, fontSize: 13 },
  confine: true,
});

/** A value axis with a name that stands clear of its labels. */
const valueAxis = (c, name, more = {}) => ({
  type: 'value',
  scale: true,
  name,
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: { color: c.soft },
  axisLine: { lineStyle: { color: c.rule } },
  axisLabel: { color: c.soft, hideOverlap: true },
  splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
  ...more,
});
const nameAxis = (c, values, name, more = {}) => ({
  type: 'category',
  data: values,
  name,
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: { color: c.soft },
  axisLine: { lineStyle: { color: c.rule } },
  axisTick: { show: false },
  axisLabel: { color: c.soft, hideOverlap: true },
  ...more,
});
const upright = { nameRotate: 90, nameGap: 48 };

const repaint = () => {
  for (const { chart: made, optionsOf } of drawn.values())
    made.setOption({ ...basic(colours()), ...optionsOf(colours()) }, { notMerge: true });
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.chart.resize();
});
