// Before the first paint, so that a page in dark does not flash white. A file of its own: the policy allows no inline script.
try {
  const chosen = localStorage.getItem('portal.appearance');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.appearance = chosen;
} catch {
  // Storage is blocked: the system's setting counts.
}
