"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("chart-data").textContent);
  const root = document.documentElement;
  const color = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const short = (value) => {
    const size = Math.abs(value);
    if (size >= 1e9) return +(value / 1e9).toFixed(1) + "G";
    if (size >= 1e6) return +(value / 1e6).toFixed(1) + "M";
    if (size >= 1e4) return +(value / 1e3).toFixed(1) + "k";
    return value.toLocaleString("en", { maximumFractionDigits: 1 });
  };
  const full = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });

  // charts ---------------------------------------------------------------------------------------
  const frame = (spec) => ({
    animation: false,
    aria: { enabled: false },
    textStyle: { color: color("ink"), fontFamily: "inherit" },
    grid: { left: 8, right: 16, top: 34, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis", confine: true, renderMode: "richText",
      backgroundColor: color("card"), borderColor: color("line"), textStyle: { color: color("ink") },
      valueFormatter: (value) => value == null ? "–" : (spec.sign || "") + full(value) + (spec.suffix || ""),
    },
    legend: { top: 0, left: 0, textStyle: { color: color("ink") }, icon: "roundRect", itemHeight: 8 },
  });
  const axis = (more) => Object.assign({
    axisLabel: { color: color("soft"), hideOverlap: true },
    axisLine: { lineStyle: { color: color("line") } },
    splitLine: { lineStyle: { color: color("line") } },
  }, more);
  const palette = () => ["first", "second", "third"].map(color);

  const columns = (spec) => Object.assign(frame(spec), {
    legend: { show: false },
    grid: { left: 8, right: 16, top: 14, bottom: 8, containLabel: true },
    xAxis: axis({ type: "category", data: spec.x }),
    yAxis: axis({ type: "value", axisLabel: { color: color("soft"), formatter: (v) => (spec.sign || "") + short(v) } }),
    series: spec.series.map((one, place) => ({
      type: "bar", name: one.name, color: palette()[place],
      data: one.values.map((value, index) => spec.muted && spec.muted.includes(index)
        ? { value, itemStyle: { opacity: 0.35 } } : value),
    })),
  });

  const bars = (spec) => Object.assign(frame(spec), {
    legend: spec.series.length > 1 ? frame(spec).legend : { show: false },
    xAxis: axis({ type: "value", max: spec.max, axisLabel: { color: color("soft"), formatter: (v) => short(v) + (spec.suffix || "") } }),
    yAxis: axis({ type: "category", data: spec.y, inverse: true, axisLabel: { color: color("ink"), width: 150, overflow: "truncate" } }),
    series: spec.series.map((one, place) => ({
      type: "bar", name: one.name, color: palette()[place], data: one.values,
    })).concat(spec.aim === undefined ? [] : [{
      type: "line", name: String(spec.aim) + (spec.suffix || ""), color: color("second"), symbol: "none",
      lineStyle: { width: 2, type: "dashed" }, data: spec.y.map((_, place) => [spec.aim, place]),
    }]),
  });

  const fan = (spec) => {
    const blank = spec.past.map(() => null);
    const last = spec.past.length ? spec.past[spec.past.length - 1] : null;
    const joined = (values) => last === null ? blank.concat(values) : blank.slice(0, -1).concat([last], values);
    const lows = spec.range.map(([low]) => low), spans = spec.range.map(([low, high]) => high - low);
    const stacked = { type: "line", stack: "range", symbol: "none", lineStyle: { opacity: 0 }, silent: true };
    const band = [
      Object.assign({ name: " ", data: joined(lows) }, stacked),
      Object.assign({
        name: spec.names.range, color: color("fan"), itemStyle: { color: color("fan"), opacity: 0.3 },
        areaStyle: { color: color("fan"), opacity: 0.3 },
        data: last === null ? blank.concat(spans) : blank.slice(0, -1).concat([0], spans),
      }, stacked),
    ];
    const option = frame(spec);
    option.legend.data = [spec.names.past, spec.names.mean, spec.names.range];
    option.tooltip.formatter = (points) => {
      const at = points[0].dataIndex, ahead = at - spec.past.length;
      const lines = [spec.x[at]];
      if (ahead < 0) lines.push(spec.names.past + ": " + full(spec.past[at]));
      else {
        const [low, high] = spec.range[ahead];
        lines.push(spec.names.mean + ": " + full(spec.mean[ahead]));
        lines.push(spec.names.range + ": " + full(low) + " – " + full(high));
      }
      return lines.join("\n");
    };
    return Object.assign(option, {
      xAxis: axis({ type: "category", data: spec.x, boundaryGap: false }),
      yAxis: axis({ type: "value", axisLabel: { color: color("soft"), formatter: short } }),
      series: band.concat([
        { type: "line", name: spec.names.past, color: color("past"), symbol: "none", data: spec.past },
        { type: "line", name: spec.names.mean, color: color("first"), symbolSize: 5,
          lineStyle: { type: "dashed", width: 2 }, data: joined(spec.mean) },
      ]),
    });
  };

  const kinds = { columns, bars, fan };
  const drawn = [];
  for (const [id, spec] of Object.entries(specs)) {
    const box = document.getElementById(id);
    if (spec.kind === "bars") box.style.height = Math.max(9, 3 + spec.y.length * (1.1 + spec.series.length * 0.75)) + "rem";
    const chart = echarts.init(box, null, { renderer: "canvas" });
    drawn.push({ chart, spec });
    new ResizeObserver(() => chart.resize()).observe(box);
  }
  const draw = () => drawn.forEach(({ chart, spec }) => chart.setOption(kinds[spec.kind](spec), true));
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    draw();
  });
  document.getElementById("print").addEventListener("click", () => print());
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((box) => { box.open = true; }));

  // tables that sort -----------------------------------------------------------------------------
  const number = /^-?(\d+\.?\d*(e[+-]?\d+)?|inf)$/i;
  const key = (cell) => {
    const text = cell.dataset.key;
    return number.test(text) ? Number(text.replace("inf", "Infinity")) : text;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b
    : String(a).localeCompare(String(b), root.lang, { numeric: true });
  const sort = (heading) => {
    const table = heading.closest("table"), place = heading.cellIndex;
    const first = heading.classList.contains("number") ? "descending" : "ascending";
    const other = first === "descending" ? "ascending" : "descending";
    const way = heading.getAttribute("aria-sort") === first ? other : first;
    table.querySelectorAll("th").forEach((one) => one.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", way);
    const sign = way === "ascending" ? 1 : -1;
    const rows = [...table.tBodies[0].rows].map((row) => [key(row.cells[place]), row]);
    rows.sort((a, b) => sign * compare(a[0], b[0]));
    table.tBodies[0].append(...rows.map((pair) => pair[1]));
  };
  document.querySelectorAll("table.sorts th button").forEach((button) =>
    button.addEventListener("click", () => sort(button.closest("th"))));

  // tables that filter ---------------------------------------------------------------------------
  document.querySelectorAll(".filter").forEach((filter) => {
    const rows = [...document.getElementById(filter.dataset.table).tBodies[0].rows];
    const kind = filter.querySelector("select"), words = filter.querySelector("input");
    const said = filter.querySelector("output");
    const apply = () => {
      const wanted = words.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach((row) => {
        row.hidden = (kind.value && row.dataset.kind !== kind.value)
          || (wanted && !row.textContent.toLowerCase().includes(wanted));
        shown += !row.hidden;
      });
      said.textContent = said.dataset.words.replace("%1", shown).replace("%2", rows.length);
    };
    kind.addEventListener("change", apply);
    words.addEventListener("input", apply);
    apply();
  });
})();
