// Unpacks one message per frame, draws it, and answers once it is painted: the server sends the next frame only then.
// A frame is drawn by filling the sources of the figures and telling the texts of the page about it. Whoever cancels
// the event "snn-explorer-frame" keeps a new frame from being drawn; "snn-explorer-draw" draws any frame again.

export function render({model}) {
  const sources = new Map()
  const nothing = {tables: new Map(), scales: []}
  let figures = []
  let leaving = false
  let newest = nothing, shown = nothing

  const find = () => {
    sources.clear()
    const wanted = new Set(model.columns.map((name) => name.slice(0, name.indexOf("/"))))
    for (const one of window.Bokeh.documents.flatMap((doc) => [...doc.all_models])) {
      if (one.type === "ColumnDataSource" && wanted.has(one.name)) { sources.set(one.name, one) }
    }
    figures = window.Bokeh.documents.flatMap((doc) => [...doc.all_models]).filter((one) => one.type === "Figure")
  }

  const receive = () => {
    if (!model.message?.byteLength) { return }
    if (sources.size === 0) { find() }
    const scales = scales_of(figures).map((scale, i) => as_sent(scale, shown.scales[i], newest.scales[i]))
    const {serial, tables, values} = unpack(new Float32Array(model.message), model.columns, newest.tables)
    const numbers = Object.fromEntries(model.numbers.map((name, i) => [name, values[i]]))
    newest = {serial, columns: model.columns, tables, numbers, texts: model.texts, state: model.state, scales}
    const wanted = document.dispatchEvent(new CustomEvent("snn-explorer-frame", {detail: newest, cancelable: true}))
    draw(wanted ? newest : shown)
    painted().then(() => { if (!leaving) { model.send_msg({painted: serial}) } })
  }

  const draw = (frame) => {
    for (const [name, data] of frame.tables) {
      if (shown.tables.get(name) !== data) { sources.get(name)?.setv({data}, {sync: false}) }
    }
    for (const [part, values] of frame.scales) { part.setv(values, {sync: false}) }
    if (shown === frame) { return }
    shown = frame
    tell({numbers: frame.numbers, texts: frame.texts, shown: frame})
  }

  const tell = (news) => {
    window.snn_explorer = {...window.snn_explorer, ...news}
    document.dispatchEvent(new CustomEvent("snn-explorer", {detail: window.snn_explorer}))
  }

  const recolour = () => {
    if (figures.length === 0) { find() }
    const role_of = Object.fromEntries(Object.entries(model.shades.light).map(([role, hex]) => [hex, role]))
    const shades = model.shades[model.dark ? "dark" : "light"]
    for (const [role, hex] of Object.entries(shades)) {
      document.documentElement.style.setProperty(`--snn-${role}`, hex)
    }
    document.documentElement.style.colorScheme = model.dark ? "dark" : "light"
    for (const [name, size] of Object.entries(model.sizes)) {
      document.documentElement.style.setProperty(`--snn-${name}`, `${size}px`)
    }
    for (const figure of figures) { for (const part of figure.references()) { paint(part, role_of, shades) } }
  }

  model.on("message", receive)
  // Plots of a second run come and go; what follows is complete, and has nothing to do with the frames before.
  model.on("columns", () => {
    find()
    recolour()
    newest = shown = nothing
  })
  const draw_again = ({detail}) => draw(detail)
  document.addEventListener("snn-explorer-draw", draw_again)
  model.on("remove", () => document.removeEventListener("snn-explorer-draw", draw_again))
  model.on("dark", recolour)
  model.on("address", () => {
    // the theme is Panel's to keep in the address
    const theme = new URLSearchParams(window.location.search).get("theme")
    history.replaceState(null, "", model.address + (theme ? `&theme=${theme}` : ""))
  })
  model.on("leave_for", () => {
    const theme = new URLSearchParams(window.location.search).get("theme")
    window.location.assign(model.leave_for + (theme ? `&theme=${theme}` : ""))
  })
  model.on("after_render", () => {
    find()
    recolour()
    tell({texts: model.texts})
    shown = nothing  // the sources may have been made anew
    receive()
    close_drawer()
    model.send_msg({painted: 0})
  })
  // What is sent at pagehide comes too late. If the page stays after all, it asks for frames again.
  window.addEventListener("beforeunload", () => {
    leaving = true
    model.send_msg({painted: -1})
    setTimeout(() => { leaving = false; model.send_msg({painted: 0}) }, 5000)
  })
  return document.createElement("span")
}

// All columns of a message by source, and its numbers; a source that was not sent again is as it was `before`.
function unpack(all, names, before) {
  const tables = new Map(before)
  const sent = new Map()
  names.forEach((name, i) => {
    const [table, column] = name.split("/")
    const [offset, length] = all.subarray(1 + 2 * i)
    if (length < 0) { return }
    if (!sent.has(table)) { sent.set(table, {}) }
    sent.get(table)[column] = all.subarray(offset, offset + length)
  })
  const {values} = sent.get("numbers")
  sent.delete("numbers")
  for (const [table, data] of sent) { tables.set(table, data) }
  return {serial: all[0], tables, values}
}

// Ranges and ticks of all axes: they belong to a frame as its columns do.
function scales_of(figures) {
  return figures.flatMap(({x_range, y_range, left, below}) => [
    ...[x_range, y_range].map((range) => [range, {start: range.start, end: range.end}]),
    ...[...left, ...below].map((axis) =>
      [axis, {ticker: axis.ticker, major_label_overrides: axis.major_label_overrides}]),
  ])
}

// While an earlier frame is shown, axes are as it had them, but for those that the server has changed since.
function as_sent([part, values], shown, newest) {
  if (shown === undefined || newest === undefined) { return [part, values] }
  const same = Object.entries(shown[1]).every(([name, value]) => values[name] === value)
  return same ? newest : [part, values]
}

// Two frames of the browser later, what was set before the first is on the screen. In a hidden tab this waits, and so
// does the server.
function painted() {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
}

// On a narrow screen the drawer would cover the page; but a lesson is read in it.
function close_drawer() {
  if (window.innerWidth > 900 || new URLSearchParams(window.location.search).has("lesson")) { return }
  for (const one of window.Bokeh.documents.flatMap((doc) => [...doc.all_models])) {
    if (one.class_name === "Page") { one.data.sidebar_open = false }
  }
}

const roles = new WeakMap()

// Colours are written with the light theme's values; a role is remembered the first time, then shown as the theme has it.
function paint(part, role_of, shades) {
  if (!roles.has(part)) {
    const mine = {}
    for (const name of Object.keys(part.properties ?? {})) {
      if (!name.endsWith("_color")) { continue }
      const value = part[name]?.value ?? part[name]
      if (value in role_of) { mine[name] = role_of[value] }
    }
    roles.set(part, mine)
  }
  const changes = {}
  for (const [name, role] of Object.entries(roles.get(part))) {
    changes[name] = part[name]?.value === undefined ? shades[role] : {value: shades[role]}
  }
  if (Object.keys(changes).length) { part.setv(changes, {sync: false}) }
}
