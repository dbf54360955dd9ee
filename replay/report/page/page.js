// The whole page, from top to bottom.
function showAll() {
  showLandscape();
  showRisk();
  showBands();
  showSessions();
  showRuns();
  showSets();
}

showLead();
showBest();
showGround();
if (current() !== undefined) {
  const select = find('#assume');
  for (const { assume } of data.assumptions)
    select.append(el('option', { value: assume, selected: assume === state.assume }, assume));
  select.addEventListener('change', () => {
    state.assume = select.value;
    showAll();
  });
  showFilter();
  showAll();
}
