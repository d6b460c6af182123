// The filters are the address behind #, so that what one sees can be sent to somebody.
const form = document.getElementById("filters");
const names = ["text", "feature", "area", "client", "broker", "outcome"];
const letters = { pass: "p", fail: "f", "not yet": "n", "–": "x", "not run": "u" };
const style = document.head.appendChild(document.createElement("style"));
const rowsOf = (selector) => [...document.querySelectorAll(selector)];
const grids = rowsOf(".grid");

function chosen() {
  return Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
}

function readAddress() {
  const address = location.hash.slice(1);
  if (address !== "" && !address.includes("=")) return false;
  const wanted = new URLSearchParams(address);
  for (const name of names) form.elements[name].value = wanted.get(name) ?? "";
  return true;
}

function showColumns(isShown) {
  const shown = columns.map(isShown);
  style.textContent = columns.map((_, i) => shown[i] ? "" : `.grid .c${i}{display:none}`).join("");
  const brokers = [...new Set(columns.map(({ broker }) => broker))];
  for (const grid of grids) {
    grid.style.setProperty("--n", shown.filter(Boolean).length);
    brokers.forEach((broker, b) => {
      const head = grid.querySelector(`.b${b}`);
      const count = columns.filter((column, i) => column.broker === broker && shown[i]).length;
      head.hidden = count === 0;
      head.colSpan = Math.max(count, 1);
      head.style.setProperty("--k", count);
    });
  }
  return shown;
}

function apply() {
  const { text, feature, area, client, broker, outcome } = chosen();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const says = (row) => words.every((word) => row.textContent.toLowerCase().includes(word));
  const shown = showColumns((column) => (client === "" || column.client === client) && (broker === "" || column.broker === broker));
  const features = new Set();
  let count = 0;
  for (const body of rowsOf("tbody[data-area]")) {
    let some = false;
    for (const row of body.querySelectorAll("tr[data-features]")) {
      const about = row.dataset.features.split("|");
      const cells = [...row.querySelectorAll("td")].filter((_, i) => shown[i]);
      row.hidden = !((area === "" || body.dataset.area === area) && (feature === "" || about.includes(feature)) && says(row) &&
        (outcome === "" || cells.some((cell) => cell.classList.contains(letters[outcome]))));
      if (row.hidden) continue;
      some = true;
      count++;
      for (const each of about) features.add(each);
    }
    body.querySelector(".area").hidden = !some;
  }
  for (const row of rowsOf("tr[data-feature]")) {
    row.hidden = !(features.has(row.dataset.feature) && (feature === "" || row.dataset.feature === feature));
  }
  for (const row of rowsOf(".plain tbody tr")) row.hidden = !says(row);
  form.querySelector("output").textContent = `${count} scenarios`;
}

form.addEventListener("input", () => {
  const set = Object.entries(chosen()).filter(([, value]) => value !== "");
  history.replaceState(null, "", `#${new URLSearchParams(set)}`);
  apply();
});
form.addEventListener("reset", () => {
  history.replaceState(null, "", "#");
  setTimeout(apply);
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => {
  if (readAddress()) apply();
});
// The tables' heads stand below the filters, which may need a second line.
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${form.offsetHeight}px`)).observe(form);
readAddress();
apply();
