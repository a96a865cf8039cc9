// The moment within the window that is drawn: what is later is veiled. It goes by time steps or spikes
// ("snn-explorer-step"), or slowly by itself, through the part of the window that is seen, and at its end on to the
// frame that was kept next, or where there is none to the run's next chunk. Everything is read from the columns that
// are drawn.

// Times that are no further apart are the same [s]: columns are float32.
const SAME_SECONDS = 1e-7

export function render({model}) {
  const {journey} = model
  const SAME = SAME_SECONDS * journey.second
  const root = document.createElement("div")
  root.className = "moment"
  root.innerHTML = `
    <button type="button" aria-pressed="false" aria-label="slow motion"
      title="Let the window pass in slow motion, while the run is paused"><svg
      viewBox="0 0 18 18" aria-hidden="true"><path d="M3 3h2v12H3zM7 3l9 6-9 6z"></path></svg><span
      class="word">slow motion</span></button>
    <select aria-label="How slow" title="How slow: ×&nbsp;1/100 shows 10 ms in a second"></select>
    <span class="said"><span><b class="clock"></b> <span class="length"></span></span></span>`
  const button = root.querySelector("button"), select = root.querySelector("select")
  const said = root.querySelector(".said")
  for (const [symbol, {unit}] of Object.entries(journey.readouts)) {
    const readout = document.createElement("span")
    readout.innerHTML = `${symbol} <b class="value"></b> ${unit}`
    said.append(readout)
  }
  for (const times of model.slower) { select.append(new Option(`× 1/${times}`, times)) }

  said.classList.add("none")

  let window_shown = null  // the frame whose window is gone through
  let moment = null        // time since the window's start; null: nothing is veiled
  let awaited = null       // where to be in the frame that comes next: how a step would get there
  let playing = 0          // of requestAnimationFrame

  const read = () => timing(window_shown, journey)
  const put = (at) => {
    moment = at
    window.snn_explorer.moment = at
    const {length, pieces} = read()
    veil(journey.axis, at === null ? [] : [[at, length]])
    if (journey.swept_axis) { veil(journey.swept_axis, at === null ? [] : pieces(at)) }
    for (const name of journey.until_now) { hide_later(name, window_shown.tables.get(name), at === null ? Infinity : at + SAME) }
    said.classList.toggle("none", at === null)
    if (at === null) { return }
    said.querySelector(".clock").textContent = (1e3 * at / journey.second).toFixed(1)
    said.querySelector(".length").textContent = `of ${1e3 * length / journey.second} ms`
    const sources = Object.values(journey.readouts).map(({source}) => window_shown.tables.get(source))
    said.querySelectorAll(".value").forEach((place, i) => { place.textContent = plain(value_at(sources[i], at + SAME)) })
  }
  const stop = () => {
    cancelAnimationFrame(playing)
    playing = 0
    button.setAttribute("aria-pressed", "false")
  }
  const leave = () => {
    stop()
    awaited = null
    if (moment !== null) { put(null) }
  }

  // To the frame that was kept before or after this one, or to the run's next chunk; there, do as `arrive` says.
  const cross = (by, arrive) => {
    const go = () => !document.dispatchEvent(new CustomEvent("snn-explorer-go", {detail: {by}, cancelable: true}))
    let there = false
    awaited = {from: window_shown, arrive: () => {
      there = true
      when_paused(arrive)
    }}
    while (!there && go()) { /* frames of the same window are passed over */ }
    if (there) { return }
    if (by > 0) { model.send_msg({wish: "step"}) } else { awaited = null }
  }
  // A moment of the present is looked at while the run is paused.
  const when_paused = (act) => {
    window_shown = window.snn_explorer.shown
    const newest = window.snn_explorer.minute.newest
    if (window_shown !== newest || newest.state !== "playing") { return act() }
    awaited = {arrive: act, paused: true}
    model.send_msg({wish: "pause"})
  }
  const step = ({detail: {unit, by}}) => {
    stop()
    when_paused(() => {
      const times = read().times(unit)
      const at = by > 0
        ? times.find((time) => time - SAME > (moment ?? -Infinity))
        : times.findLast((time) => time + SAME < (moment ?? Infinity))
      if (at !== undefined) { return put(at) }
      cross(by, () => {
        const there = read().times(unit)
        put((by > 0 ? there[0] : there.at(-1)) ?? (by > 0 ? read().start : read().end))
      })
    })
  }
  const play = () => {
    button.setAttribute("aria-pressed", "true")
    let before = performance.now()
    const tick = (now) => {
      const at = Math.max(moment ?? 0, read().start) + journey.second * Math.max(now - before, 0) / 1000 / Number(select.value)
      before = now
      if (at < read().end) {
        put(at)
        playing = requestAnimationFrame(tick)
      } else {
        cross(1, () => { put(read().start); play() })
      }
    }
    playing = requestAnimationFrame(tick)
  }

  // A frame is drawn: one that was awaited, the same window again, or one that somebody chose.
  const drawn = ({detail: {shown}}) => {
    if (shown === undefined || shown === window_shown) { return }
    const same = shown.numbers.time === window_shown?.numbers.time
    const arrived = awaited && (awaited.paused ? shown.state !== "playing" : shown !== awaited.from && !same)
    const {arrive} = awaited ?? {}
    window_shown = shown
    if (arrived) {
      awaited = null
      arrive()
    } else if (same && moment !== null) {
      put(moment)
    } else if (!awaited) {
      leave()
    }
  }
  const pressed = ({detail: {key}}) => { if (key === "Escape") { leave() } }
  button.addEventListener("click", () => {
    if (playing || awaited) { stop(); awaited = null } else { when_paused(play) }
  })
  const ears = {"snn-explorer": drawn, "snn-explorer-step": step, "snn-explorer-key": pressed}
  for (const [name, ear] of Object.entries(ears)) { document.addEventListener(name, ear) }
  model.on("remove", () => {
    stop()
    for (const [name, ear] of Object.entries(ears)) { document.removeEventListener(name, ear) }
  })
  return root
}

// The window of a frame: its length, the part of it that is seen, the times to step to there, and what of the pattern's
// axis is later than a moment.
function timing({tables}, {axis, spikes, time_step, second, swept_axis, swept_now}) {
  const {start, end, reset_end: length} = model_named(axis, "Range1d")
  const period = swept_axis ? model_named(swept_axis, "Range1d").reset_end : length
  const swept = period !== length
  const now = swept ? tables.get(swept_now)?.x[0] : length
  const in_window = (time) => (swept ? modulo(time - (now - length), period) : time)
  const all = (unit) => (unit === "spike" ? spike_times(tables, spikes, in_window) : steps(time_step * second, length))
  return {
    length, start, end,
    times: (unit) => all(unit).filter((time) => time >= start && time < end),
    pieces: (at) => {
      if (now === undefined) { return [] }
      const from = modulo(now - length + at, period)
      return !swept || from <= now ? [[from, now]] : [[from, period], [0, now]]
    },
  }
}

function spike_times(tables, sources, in_window) {
  const all = sources.flatMap((name) => Array.from(tables.get(name)?.x ?? [], in_window))
  return [...new Set(all)].sort((one, other) => one - other)
}

const steps = (time_step, length) => Array.from({length: Math.round(length / time_step)}, (_, i) => i * time_step)

const modulo = (time, period) => ((time % period) + period) % period

// The last sample that is not later; of several signals the first, which NaN ends.
function value_at({x, y}, moment) {
  let value = NaN
  for (let i = 0; i < x.length && x[i] <= moment; i++) { value = y[i] }
  return value
}

const plain = (value) => value.toFixed(1).replace(/^-0\.0$/, "0.0").replace("-", "−")

// Pieces of an axis that are covered in all its plots.
function veil(axis, pieces) {
  models_named(`${axis}.veil`, "BoxAnnotation").forEach((box, i) => {
    const [left, right] = pieces[i] ?? [0, 0]
    box.setv({left, right, visible: i < pieces.length}, {sync: false})
  })
}

// What is later than a moment is there, and cannot be seen.
function hide_later(name, table, at) {
  if (!table) { return }
  const fill_alpha = table.fill_alpha.map((alpha, i) => (table.time[i] <= at ? alpha : 0))
  for (const source of models_named(name, "ColumnDataSource")) {
    source.setv({data: at === Infinity ? table : {...table, fill_alpha}}, {sync: false})
  }
}

const found = new Map()

function models_named(name, type) {
  if (!found.has(name)) {
    const all = window.Bokeh.documents.flatMap((doc) => [...doc.all_models])
    found.set(name, all.filter((one) => one.name === name && one.type === type))
  }
  return found.get(name)
}

const model_named = (name, type) => models_named(name, type)[0]
