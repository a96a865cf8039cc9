// Unpacks one message per frame into the sources of the figures, tells the texts of the page about it, and answers
// once it is painted: the server sends the next frame only then.

export function render({model}) {
  const sources = new Map()
  let figures = []
  let leaving = false

  const find = () => {
    sources.clear()
    const wanted = new Set(model.columns.map((name) => name.slice(0, name.indexOf("/"))))
    for (const one of window.Bokeh.documents.flatMap((doc) => [...doc.all_models])) {
      if (one.type === "ColumnDataSource" && wanted.has(one.name)) { sources.set(one.name, one) }
    }
    figures = window.Bokeh.documents.flatMap((doc) => [...doc.all_models]).filter((one) => one.type === "Figure")
  }

  const draw = () => {
    if (!model.message?.byteLength) { return }
    const all = new Float32Array(model.message)
    const names = model.columns
    const tables = new Map()
    names.forEach((name, i) => {
      const [table, column] = name.split("/")
      const [offset, length] = all.subarray(1 + 2 * i)
      if (length < 0) { return }  // as it was
      if (!tables.has(table)) { tables.set(table, {}) }
      tables.get(table)[column] = all.subarray(offset, offset + length)
    })
    const {values} = tables.get("numbers")
    tables.delete("numbers")
    if (sources.size === 0) { find() }
    for (const [name, data] of tables) { sources.get(name)?.setv({data}, {sync: false}) }
    const numbers = Object.fromEntries(model.numbers.map((name, i) => [name, values[i]]))
    tell({numbers})
    painted().then(() => { if (!leaving) { model.send_msg({painted: all[0]}) } })
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

  model.on("message", draw)
  // plots of a second run come and go
  model.on("columns", () => {
    find()
    recolour()
  })
  model.on("texts", () => tell({texts: model.texts}))
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
    draw()
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

// Two frames of the browser later, what was set before the first is on the screen. In a hidden tab this waits, and so
// does the server.
function painted() {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
}

// On a narrow screen the drawer would cover the page.
function close_drawer() {
  if (window.innerWidth > 900) { return }
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
