// Draws every [data-chart] from the JSON beside it. The table under each chart says the same.
(() => {
  "use strict";
  const lang = document.documentElement.lang;
  const ink = (name) => {
    const probe = document.createElement("span");
    probe.className = `chart-ink-${name}`;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const compact = new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 });
  const full = new Intl.NumberFormat(lang, { maximumFractionDigits: 2 });

  const series = (spec, item, place) => ({
    name: item.name,
    type: item.kind || (spec.type === "line" ? "line" : "bar"),
    stack: spec.type === "stacked" ? "all" : undefined,
    // A bar of nothing has no border, or it would hide the axis below it.
    data: item.values.map((value) => (value === null ? null : Number(value) ? Number(value) : { value: 0, itemStyle: { borderWidth: 0 } })),
    color: ink(item.ink || place + 1),
    barMaxWidth: 28,
    showSymbol: spec.categories.length < 16,
    symbolSize: 6,
    lineStyle: { width: 2, type: item.dashed ? "dashed" : "solid" },
    itemStyle: spec.type === "line" ? {} : { borderColor: ink("surface"), borderWidth: spec.type === "stacked" ? 1 : 0, borderRadius: spec.type === "stacked" ? 0 : 2 },
  });

  const options = (spec) => {
    const text = { color: ink("text"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    const across = spec.type === "across";
    const names = {
      type: "category", data: spec.categories, inverse: across,
      axisLine: { lineStyle: { color: ink("line") } }, axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, ...(across ? { width: 140, overflow: "truncate" } : { showMinLabel: true, showMaxLabel: true, alignMinLabel: "left", alignMaxLabel: "right" }) },
    };
    const values = {
      type: "value", min: spec.zero === false ? undefined : (range) => Math.min(0, range.min), minInterval: spec.whole ? 1 : 0,
      splitLine: { lineStyle: { color: ink("line") } }, axisLabel: { ...text, formatter: (value) => compact.format(value) },
    };
    return {
      animation: !calm, animationDuration: 250, textStyle: text, aria: { enabled: false },
      grid: { left: 4, right: across ? 12 : 28, top: spec.series.length > 1 ? 34 : 12, bottom: 4, containLabel: true },
      legend: spec.series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: text } : undefined,
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: spec.type === "line" ? "line" : "shadow", lineStyle: { color: ink("text") } },
        backgroundColor: ink("surface"), borderColor: ink("line"), textStyle: text,
        valueFormatter: (value) => (value === null || value === undefined ? "–" : `${full.format(value)}${spec.unit ? ` ${spec.unit}` : ""}`),
      },
      xAxis: across ? values : names,
      yAxis: across ? names : values,
      series: spec.series.map((item, place) => series(spec, item, place)),
    };
  };

  const drawn = new Map();
  const draw = (place) => {
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    drawn.get(place)?.dispose();
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(options(spec));
    if (spec.urls) {
      chart.on("click", (event) => spec.urls[event.dataIndex] && location.assign(spec.urls[event.dataIndex]));
    }
    drawn.set(place, chart);
  };
  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  const drop = () => drawn.forEach((chart, place) => place.isConnected || (chart.dispose(), drawn.delete(place)));

  drawAll();
  document.fonts?.ready.then(drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  document.addEventListener("htmx:afterSettle", (event) => {
    drop();
    event.target.querySelectorAll?.("[data-chart]").forEach(draw);
  });
  new ResizeObserver(() => drawn.forEach((chart) => chart.resize())).observe(document.getElementById("main"));
})();
