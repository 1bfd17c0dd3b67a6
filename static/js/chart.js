/* Draws Chart.js over the server's drawings: the same places, and the value of a week under the finger.

   Chart.js comes from the CDN; when that errors or does not answer within half a second, our own copy is taken.
   Without either the drawing simply stays. Colours are read from the page, so both schemes follow it. */
(() => {
  "use strict";
  if (window.learnpathCharts) return;
  window.learnpathCharts = true;

  const tag = document.currentScript;
  const source = { cdn: tag.dataset.cdn, integrity: tag.dataset.integrity, own: tag.dataset.own, nonce: tag.nonce };
  const PATIENCE = 500; // milliseconds for the CDN
  const NARROW = 30; // rem, as in chart.css
  const charts = new Map();

  // -- getting Chart.js ---------------------------------------------------------------------------

  function load(url, foreign) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.nonce = source.nonce;
      script.async = true;
      if (foreign) {
        script.integrity = source.integrity;
        script.crossOrigin = "anonymous";
        script.referrerPolicy = "no-referrer";
      }
      script.onload = () => (window.Chart ? resolve(window.Chart) : reject(new Error("no Chart")));
      script.onerror = () => reject(new Error("not loaded"));
      script.src = url;
      document.head.append(script);
    });
  }

  function getChart() {
    if (window.Chart) return Promise.resolve(window.Chart);
    if (!source.cdn) return load(source.own, false);
    return new Promise((resolve, reject) => {
      let asked = false;
      const own = () => {
        if (asked) return;
        asked = true;
        load(source.own, false).then(resolve, reject);
      };
      const timer = setTimeout(own, PATIENCE);
      load(source.cdn, true).then((chart) => { clearTimeout(timer); resolve(chart); }, () => { clearTimeout(timer); own(); });
    });
  }

  // -- colours ------------------------------------------------------------------------------------

  const NAMES = ["ink", "ink-2", "line", "hair", "card", "spruce", "clay", "marigold"];

  function colours(figure) {
    const probe = document.createElement("span");
    figure.append(probe);
    const found = {};
    for (const name of NAMES) {
      probe.style.color = `var(--${name})`;
      found[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return found;
  }

  function faded(colour, share) {
    const parts = colour.match(/[\d.]+/g);
    return parts && colour.startsWith("rgb") ? `rgba(${parts.slice(0, 3).join(",")},${share})` : colour;
  }

  // -- what the chart is made of ------------------------------------------------------------------

  function line(points, more) {
    return { type: "line", data: points, parsing: false, normalized: true, pointRadius: 0, pointHitRadius: 0, tension: 0, ...more };
  }

  function sets(facts, paint, scale) {
    const made = [];
    const none = { fill: false };
    if (facts.range) {
      const [x1, y1, x2, low, high] = facts.range;
      const fill = faded(paint.spruce, 0.16);
      made.push(line([{ x: x1, y: y1 }, { x: x2, y: high }], { borderWidth: 0, backgroundColor: fill, fill: "+1", order: 2 }));
      made.push(line([{ x: x1, y: y1 }, { x: x2, y: low }], { borderWidth: 0, order: 2, ...none }));
    }
    facts.aims.forEach(([x1, y1, x2, y2], place) => {
      const newest = place === facts.aims.length - 1;
      made.push(line([{ x: x1, y: y1 }, { x: x2, y: y2 }], {
        borderColor: faded(paint.clay, newest ? 1 : 0.75), borderWidth: (newest ? 3 : 2) * scale,
        borderDash: [3 * scale, 8 * scale], borderCapStyle: "round", order: 1, ...none,
      }));
    });
    for (const run of facts.runs) {
      made.push(line(run, {
        showLine: facts.joined, borderColor: paint.spruce, borderWidth: 3.5 * scale, borderCapStyle: "round", borderJoinStyle: "round",
        pointRadius: 6 * scale, pointHoverRadius: 8 * scale, pointHitRadius: 22, pointBackgroundColor: paint.spruce,
        pointBorderColor: paint.card, pointBorderWidth: 1.5 * scale, pointHoverBackgroundColor: paint.spruce,
        pointHoverBorderColor: paint.ink, clip: false, told: true, order: 0, ...none,
      }));
    }
    return made;
  }

  function stroke(ctx, colour, width, dash, from, to) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.lineCap = dash.length ? "round" : "butt";
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
  }

  /* The ground goes under the lines, the flag and the words over them. */
  function ground(chart, facts, plan, paint, scale) {
    const { ctx, chartArea: area, scales: { x, y } } = chart;
    ctx.save();
    for (const tick of facts.ticks) stroke(ctx, paint.hair, 1, [], [area.left, y.getPixelForValue(tick)], [area.right, y.getPixelForValue(tick)]);
    if (facts.band) {
      const low = facts.band[0] === null ? facts.low : facts.band[0];
      const high = facts.band[1] === null ? facts.high : facts.band[1];
      ctx.fillStyle = faded(paint.spruce, 0.1);
      ctx.fillRect(area.left, y.getPixelForValue(high), area.right - area.left, y.getPixelForValue(low) - y.getPixelForValue(high));
    }
    for (const gap of facts.gaps) stroke(ctx, paint.line, 2 * scale, [], [x.getPixelForValue(gap), area.bottom - 6 * scale], [x.getPixelForValue(gap), area.bottom + 6 * scale]);
    for (const change of facts.changes) stroke(ctx, paint["ink-2"], 1.5 * scale, [scale, 5 * scale], [x.getPixelForValue(change), area.top - 12 * scale], [x.getPixelForValue(change), area.bottom]);
    ctx.restore();
  }

  function flag(chart, facts, paint, scale) {
    if (!facts.flag) return;
    const { ctx, scales } = chart;
    const x = scales.x.getPixelForValue(facts.flag[0]);
    const y = scales.y.getPixelForValue(facts.flag[1]);
    ctx.save();
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x, y - 28 * scale);
    ctx.lineTo(x + 24 * scale, y - 19 * scale);
    ctx.lineTo(x, y - 10 * scale);
    ctx.fillStyle = paint.marigold;
    ctx.strokeStyle = paint.ink;
    ctx.lineWidth = 2 * scale;
    ctx.lineJoin = "round";
    ctx.fill();
    ctx.stroke();
    ctx.restore();
  }

  function write(chart, plan, paint, scale, family) {
    const { ctx } = chart;
    ctx.save();
    ctx.textBaseline = "alphabetic";
    ctx.lineJoin = "round";
    for (const [x, y, words, anchor, kind] of plan.texts) {
      ctx.font = `${kind === "strong" ? 700 : 500} ${plan.font * scale}px ${family}`;
      ctx.textAlign = anchor === "middle" ? "center" : anchor;
      ctx.strokeStyle = paint.card;
      ctx.lineWidth = 4 * scale;
      ctx.strokeText(words, x * scale, y * scale);
      ctx.fillStyle = kind === "soft" ? paint["ink-2"] : paint.ink;
      ctx.fillText(words, x * scale, y * scale);
    }
    ctx.restore();
  }

  function options(facts, plan, paint, scale, family) {
    return {
      animation: false, maintainAspectRatio: false, responsive: true, events: ["mousemove", "mouseout", "click", "touchstart", "touchmove"],
      layout: { autoPadding: false, padding: { left: plan.left * scale, right: plan.right * scale, top: plan.top * scale, bottom: plan.bottom * scale } },
      scales: {
        x: { type: "linear", display: false, min: plan.first, max: facts.weeks },
        y: { type: "linear", display: false, min: facts.low, max: facts.high },
      },
      interaction: { mode: "nearest", intersect: true },
      plugins: {
        legend: { display: false },
        tooltip: {
          filter: (item) => Boolean(item.dataset.told), displayColors: false, backgroundColor: paint.ink, bodyColor: paint.card, padding: 10, cornerRadius: 8,
          bodyFont: { family, size: plan.font * scale }, callbacks: { title: () => "", label: (item) => item.raw.told },
        },
      },
    };
  }

  // -- drawing ------------------------------------------------------------------------------------

  function isNarrow(figure) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return figure.clientWidth <= NARROW * rem;
  }

  function draw(Chart, figure) {
    const facts = JSON.parse(figure.querySelector("script").textContent);
    const width = figure.clientWidth;
    if (!width) return;
    const plan = isNarrow(figure) ? facts.narrow : facts.wide;
    const scale = width / plan.width;
    const paint = colours(figure);
    const family = getComputedStyle(figure).fontFamily;
    let holder = figure.querySelector(".chart-canvas");
    if (!holder) {
      holder = document.createElement("div");
      holder.className = "chart-canvas";
      holder.setAttribute("aria-hidden", "true");
      holder.append(document.createElement("canvas"));
      figure.prepend(holder);
    }
    charts.get(figure)?.chart.destroy();
    figure.classList.add("is-drawn");
    const chart = new Chart(holder.firstChild, {
      data: { datasets: sets(facts, paint, scale) },
      options: { ...options(facts, plan, paint, scale, family), responsive: false },
      plugins: [{
        beforeDatasetsDraw: (self) => ground(self, facts, plan, paint, scale),
        afterDatasetsDraw: (self) => { flag(self, facts, paint, scale); write(self, plan, paint, scale, family); },
      }],
    });
    holder.style.aspectRatio = `${plan.width} / ${plan.height}`;
    chart.resize(width, (width * plan.height) / plan.width);
    charts.set(figure, { chart, width });
  }

  function start(Chart) {
    const drawAll = () => {
      for (const figure of charts.keys()) if (!figure.isConnected) { charts.get(figure).chart.destroy(); charts.delete(figure); }
      for (const figure of document.querySelectorAll("[data-chart]")) {
        try {
          draw(Chart, figure);
          watcher.observe(figure);
        } catch (error) {
          figure.classList.remove("is-drawn"); // the drawing is there, and stays
          console.error(error);
        }
      }
    };
    const watcher = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const known = charts.get(target);
        if (known ? Math.abs(known.width - target.clientWidth) > 1 : target.clientWidth) draw(Chart, target);
      }
    });
    drawAll();
    document.fonts?.ready.then(drawAll);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    new MutationObserver(drawAll).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-size"] });
    for (const swapped of ["htmx:afterSwap", "htmx:after:swap"]) document.addEventListener(swapped, drawAll);
  }

  performance.mark("chart-asked");
  getChart().then((Chart) => { performance.mark("chart-there"); start(Chart); }, () => {});
})();
