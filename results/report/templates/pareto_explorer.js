// The Pareto explorer of a search's report: axes of choice, brushing in two charts, sliders for the keyboard, and the
// policy behind each point. Everything it shows stands in the page already; the script only draws, hides and copies.
addEventListener("library", () => {
  const root = document.getElementById("pareto-explorer");
  const {points, axes, tried, words, roles, first} = JSON.parse(document.getElementById("explorer-data").textContent);
  const find = id => document.getElementById(`explorer-${id}`);
  const scatter = find("scatter"), parallel = find("parallel"), across = find("across"), up = find("up");
  const axisOf = key => axes.find(axis => axis.key === key);
  const signed = new Intl.NumberFormat(document.documentElement.lang, {maximumFractionDigits: 2, signDisplay: "exceptZero"});
  const number = {format: value => signed.format(value).replace("-", "\u2212")};   // the minus of the axes and of all tables
  const found = points.slice(1);   // all but today's policy, which stands first
  const isPressed = id => find(id).getAttribute("aria-pressed") === "true";
  const phone = matchMedia("(max-width: 40rem)");
  const config = {responsive: false, displaylogo: false, displayModeBar: false};
  let brushed = null;   // names that were dragged over, null without a brush
  let chosen = first;   // the policy whose panel is open
  const atLeast = {};   // by axis, the slider's end

  const keeps = point => (!brushed || brushed.has(point.name)) && Object.entries(atLeast).every(
    ([key, end]) => axisOf(key).sense > 0 ? point.figures[key][0] >= end - 1e-6 : point.figures[key][0] <= end + 1e-6);

  const unit = axis => axis.unit === "%" ? " %" : axis.unit ? ` ${words.points}` : "";
  let onPaper = false;
  const look = () => {
    if (onPaper) return {ink: "#1d2733", line: "#d5dae1", paper: "#ffffff", soft: "#55606d"};
    const style = getComputedStyle(document.documentElement), value = name => style.getPropertyValue(name).trim();
    return {ink: value("--ink"), line: value("--line"), paper: value("--paper"), soft: value("--soft")};
  };
  const frame = (height, own) => {
    const {ink} = look();
    return {height, width: scatter.clientWidth, margin: {l: 56, r: 16, t: 16, b: 48}, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
            font: {color: ink, size: 13, family: getComputedStyle(document.body).fontFamily},
            hovermode: "closest", selectdirection: "any", uirevision: "kept",
            dragmode: isPressed("drag") ? "select" : false, ...own};
  };

  const drawScatter = () => {
    const [x, y] = [across.value, up.value], {ink, line, soft} = look(), traces = [];
    if (tried[x] && tried[y]) traces.push({type: "scatter", mode: "markers", name: words.tried, x: tried[x], y: tried[y],
      marker: {size: 4, color: soft, opacity: .45}, hoverinfo: "skip"});
    const arms = (own, key) => ({type: "data", symmetric: false, thickness: 1, width: 0, color: soft,
      array: own.map(point => point.figures[key][2] - point.figures[key][0]),
      arrayminus: own.map(point => point.figures[key][0] - point.figures[key][1])});
    for (const {role, told, symbol, colour} of roles) {
      const own = points.filter(point => point.role === role);
      traces.push({type: "scatter", mode: "markers", name: told, customdata: own.map(point => point.name),
        x: own.map(point => point.figures[x][0]), y: own.map(point => point.figures[y][0]),
        error_x: arms(own, x), error_y: arms(own, y), unselected: {marker: {opacity: .15}},
        selectedpoints: own.flatMap((point, place) => keeps(point) ? [place] : []),
        marker: {symbol, color: colour, size: symbol === "star" ? 17 : 12, line: {color: ink, width: 1}},
        hovertemplate: own.map(point => `<b>${point.name}</b> (${told})<br>` + axes.map(
          axis => `${axis.title}: ${axis.unit ? number.format(point.figures[axis.key][0]) : point.figures[axis.key][0]} ${axis.unit}`).join("<br>") + "<extra></extra>")});
    }
    const open = points.find(point => point.name === chosen);
    traces.push({type: "scatter", mode: "markers", showlegend: false, hoverinfo: "skip", x: [open.figures[x][0]],
      y: [open.figures[y][0]], marker: {symbol: "circle-open", size: 28, color: ink, line: {width: 2}}});
    const span = key => {
      const ends = (isPressed("close-up") && found.length ? found : points).flatMap(point => point.figures[key]), low = Math.min(...ends), high = Math.max(...ends);
      const room = (high - low || 1) * .12;
      return [low - room, high + room];
    };
    const axis = key => ({title: {text: axisOf(key).label, font: {size: phone.matches ? 11 : 13}}, automargin: true,
      gridcolor: line, linecolor: line, zeroline: true, zerolinecolor: soft, range: span(key)});
    const size = () => { const held = scatter._fullLayout?._size; return held && `${Math.round(held.w)} ${Math.round(held.h)}`; };
    const drawIn = place => Plotly.react(scatter, traces, frame(onPaper ? 360 : phone.matches ? 420 : 480, {xaxis: axis(x), yaxis: axis(y), uirevision: x + y + isPressed("close-up"),
      legend: {orientation: "h", y: -.2, font: {size: 12}}, margin: {l: 56, r: 16, t: 16, b: 56}, annotations: place ? labels(x, y, span, ...place.split(" ").map(Number)) : []}), config);
    const before = size();
    drawIn(before);
    if (size() !== before) drawIn(size());   // where a label has room is known once the axes stand
  };

  // A label stands beside its point where it covers least of other labels, points and intervals; one that has to stand
  // further off is tied to its point by a line.
  const labels = (x, y, span, width, height) => {
    const {ink, soft} = look(), [left, right] = span(x), [low, high] = span(y);
    const across = value => (value - left) / (right - left) * width, down = value => (high - value) / (high - low) * height;
    const box = (x0, y0, x1, y1, weight) => ({x0, y0, x1, y1, weight});
    const shared = (one, other) => Math.max(0, Math.min(one.x1, other.x1) - Math.max(one.x0, other.x0)) * Math.max(0, Math.min(one.y1, other.y1) - Math.max(one.y0, other.y0));
    const taken = points.flatMap(point => {
      const [a, b] = [point.figures[x], point.figures[y]], [h, v] = [across(a[0]), down(b[0])];
      return [box(h - 9, v - 9, h + 9, v + 9, 6), box(across(a[1]), v - 1, across(a[2]), v + 1, 3), box(h - 1, down(b[2]), h + 1, down(b[1]), 3)];
    }).concat([box(0, down(0) - 1, width, down(0) + 1, 3), box(across(0) - 1, 0, across(0) + 1, height, 3)]);
    const named = point => ["incumbent", "recommended"].includes(point.role) || point.name === chosen;
    const size = phone.matches ? 12 : 13, told = points.filter(point => !phone.matches || named(point)).sort((one, other) => named(other) - named(one));
    return told.flatMap(point => {
      const h = across(point.figures[x][0]), v = down(point.figures[y][0]), half = size * .31 * point.short.length + 2;
      if (h < 0 || h > width || v < 0 || v > height) return [];
      const found = [0, 10, 22, 36, 52].flatMap(far => [[1, -1], [-1, -1], [1, 1], [-1, 1], [1, 0], [-1, 0], [0, -1], [0, 1]].map(([turn, lift]) => {
        const ax = turn * (half + (lift ? 6 : 12) + far * (lift ? .7 : 1)), ay = lift * (size * .6 + (turn ? 6 : 11) + far * (turn ? .7 : 1));
        const own = box(h + ax - half, v + ay - size * .6, h + ax + half, v + ay + size * .6, 20), area = (own.x1 - own.x0) * (own.y1 - own.y0);
        const cost = taken.reduce((sum, one) => sum + one.weight * shared(own, one), 0) + 40 * (area - shared(own, box(0, 0, width, height, 0))) + 3 * far;
        return {ax, ay, far, own, cost};
      }));
      const best = found.reduce((one, other) => other.cost < one.cost ? other : one);
      taken.push(best.own);
      return [{x: point.figures[x][0], y: point.figures[y][0], text: point.short, ax: best.ax, ay: best.ay, xanchor: "center", yanchor: "middle", borderpad: 0,
        showarrow: true, arrowhead: 0, arrowwidth: 1, standoff: 8, arrowcolor: best.far ? soft : "rgba(0,0,0,0)", opacity: keeps(point) ? 1 : .35,
        font: {color: ink, size, weight: named(point) ? 700 : 400}}];
    });
  };

  const spans = axes.map(({key}) => {
    const values = (found.length ? found : points).map(point => point.figures[key][0]);
    return [Math.min(...values), Math.max(...values)];
  });
  const height = (point, place) => {
    const [low, high] = spans[place];
    return high > low ? (point.figures[axes[place].key][0] - low) / (high - low) : .5;
  };
  const drawParallel = () => {
    const {line} = look();
    const dashes = {other: "dot", infeasible: "dash"};
    const traces = found.map(point => {
      const {symbol, colour} = roles.find(role => role.role === point.role);
      return {type: "scatter", mode: "lines+markers", name: point.name, customdata: axes.map(() => point.name),
        x: axes.map((_, place) => place), y: axes.map((_, place) => height(point, place)),
        line: {color: colour, width: point.name === chosen ? 4 : 1.5, dash: dashes[point.role] ?? "solid"},
        marker: {symbol, color: colour, size: symbol === "star" ? 13 : 8}, opacity: keeps(point) ? 1 : .12,
        selected: {marker: {opacity: 1}}, unselected: {marker: {opacity: 1}},
        hovertemplate: axes.map(axis => `<b>${point.name}</b> (${point.roleTold})<br>${axis.title}: ` +
          `${axis.unit ? number.format(point.figures[axis.key][0]) : point.figures[axis.key][0]} ${axis.unit}<extra></extra>`)};
    });
    const end = (place, which) => `${axes[place].unit ? number.format(spans[place][which]) : spans[place][which]}`;
    const notes = axes.flatMap((axis, place) => [
      {x: place, y: 1.09, text: end(place, 1) + unit(axis)}, {x: place, y: -.09, text: end(place, 0) + unit(axis)}]);
    Plotly.react(parallel, traces, frame(onPaper ? 290 : 380, {showlegend: false, margin: {l: 24, r: 24, t: 12, b: 72},
      annotations: notes.map(note => ({...note, showarrow: false, font: {size: phone.matches ? 9.5 : 12}})),
      xaxis: {tickvals: axes.map((_, place) => place), fixedrange: true, showgrid: true, gridcolor: line, zeroline: false,
        range: [-.4, axes.length - .6], tickangle: 0, tickfont: {size: phone.matches ? 9.5 : 12},
        ticktext: axes.map(axis => axis.title.replaceAll(" ", "<br>"))},
      yaxis: {visible: false, fixedrange: true, range: [-.16, 1.16]}}), config);
  };

  const show = () => {
    const kept = points.filter(keeps), names = new Set(kept.map(point => point.name));
    root.querySelectorAll("tbody tr[data-policy]").forEach(row => {
      row.hidden = !names.has(row.dataset.policy);
      row.classList.toggle("chosen", row.dataset.policy === chosen);
      row.querySelector("button").setAttribute("aria-pressed", row.dataset.policy === chosen);
    });
    root.querySelectorAll(".policy").forEach(panel => { panel.hidden = panel.dataset.policy !== chosen; });
    find("count").textContent = words.shown.replace("{shown}", kept.length).replace("{all}", points.length);
    drawScatter();
    drawParallel();
  };
  const choose = (name, goThere) => {
    chosen = name;
    show();
    if (goThere) document.querySelector(`#policy-${CSS.escape(name)} h4`).focus();
  };

  // Axes, buttons and sliders.
  across.value = axes[0].key;
  up.value = (axes.find((axis, place) => place && axis.key === "margin") ?? axes[1]).key;
  [across, up].forEach(one => one.addEventListener("change", () => { brushed = null; show(); }));
  const drag = find("drag");
  drag.setAttribute("aria-pressed", matchMedia("(pointer: fine)").matches);
  [drag, find("close-up")].forEach(
    button => button.addEventListener("click", () => { button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true"); show(); }));
  const sliders = root.querySelector(".explorer-sliders");
  axes.filter(axis => axis.sense).forEach(axis => {
    const [low, high] = spans[axes.indexOf(axis)];
    if (high <= low) return;
    const label = document.createElement("label"), told = document.createElement("span"), slider = document.createElement("input");
    const step = axis.unit ? (high - low) / 50 : 1;
    Object.assign(slider, {type: "range", min: low, max: high, step, value: axis.sense > 0 ? low : high});
    const tell = () => {
      const value = axis.unit ? number.format(slider.value) + unit(axis) : slider.value;
      told.textContent = `${axis.title}: ${axis.sense > 0 ? words.at_least : words.at_most} ${value}`;
      slider.setAttribute("aria-valuetext", told.textContent);
    };
    slider.addEventListener("input", () => {
      const end = Number(slider.value), isOff = axis.sense > 0 ? end <= low : end >= high;
      if (isOff) delete atLeast[axis.key]; else atLeast[axis.key] = end;
      tell();
      show();
    });
    slider.addEventListener("reset", () => { slider.value = axis.sense > 0 ? low : high; tell(); });
    tell();
    label.append(told, slider);
    sliders.append(label);
  });
  find("everything").addEventListener("click", () => {
    brushed = null;
    Object.keys(atLeast).forEach(key => delete atLeast[key]);
    sliders.querySelectorAll("input").forEach(slider => slider.dispatchEvent(new Event("reset")));
    [scatter, parallel].forEach(chart => Plotly.relayout(chart, {selections: []}));
    show();
  });
  root.querySelectorAll("[hidden]:not(tr):not(.policy)").forEach(one => { one.hidden = false; });
  root.querySelectorAll("button.choose").forEach(
    button => button.addEventListener("click", () => choose(button.closest("tr").dataset.policy, true)));
  root.querySelectorAll(".policy").forEach(panel => {
    const text = panel.querySelector("pre"), copy = panel.querySelector(".copy");
    copy?.addEventListener("click", async () => {
      panel.querySelector("details").open = true;
      getSelection().selectAllChildren(text);
      try { await navigator.clipboard.writeText(text.textContent); copy.textContent = words.copied; } catch { text.focus(); }
    });
    panel.querySelector(".download")?.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text.textContent], {type: "application/yaml"}));
      link.download = `${panel.dataset.policy}.yaml`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  });

  // The charts: a click opens a policy, a drag narrows the choice.
  show();
  const brush = names => { brushed = names; show(); };
  const named = point => point.customdata;
  scatter.on("plotly_selected", held => held && brush(held.points.length ? new Set(held.points.map(named).filter(Boolean)) : null));
  parallel.on("plotly_selected", held => {
    if (!held?.range) return;
    const {x, y} = held.range, places = axes.map((_, place) => place).filter(place => place >= Math.min(...x) && place <= Math.max(...x));
    if (!places.length) return brush(null);
    const inside = point => places.every(place => height(point, place) >= Math.min(...y) && height(point, place) <= Math.max(...y));
    return brush(new Set([points[0], ...found.filter(inside)].map(point => point.name)));
  });
  [scatter, parallel].forEach(chart => {
    chart.on("plotly_deselect", () => brush(null));
    chart.on("plotly_click", hit => { const name = hit.points.map(named).find(Boolean); if (name) choose(name, false); });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; show(); } });
  // The page of the report is made as wide as paper first: its own listener came before.
  addEventListener("beforeprint", () => { onPaper = true; show(); });
  addEventListener("afterprint", () => { onPaper = false; show(); });
});
