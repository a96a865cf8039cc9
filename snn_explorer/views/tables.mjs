// What a plot draws, as tables, in a dialog. They are made from the sources that are drawn, when a button asks for them:
//   <button data-table="curve">Data</button>     names of figures, with spaces between them

export function render({model}) {
  const dialog = element("dialog", {"aria-labelledby": "title"})
  const title = element("h2", {id: "title"})
  const said = element("p")
  const tables = element("div", {class: "body", tabindex: "0", role: "group", "aria-labelledby": "title"})
  const anew = element("button", {type: "button"}, "Renew")
  anew.title = "Show what is drawn now"
  const close = element("button", {type: "button"}, "Close")
  const header = element("header")
  header.append(title, anew, close)
  dialog.append(header, said, tables)

  let figures = []
  const show = () => {
    const {numbers = {}, texts = {}} = window.snn_explorer ?? {}
    const drawn = sources()
    title.textContent = `Data of ${figures.map((name) => model.titles[name]).join(", ")}`
    said.textContent = figures.map((name) => texts[name] ?? "").join(" ").trim()
    const made = figures.flatMap((name) => model.tables[name])
      .map((table) => build(table, drawn, numbers, model.most_rows)).filter((table) => table !== null)
    tables.replaceChildren(...made)
    if (made.length === 0) { tables.append(element("p", {}, "Nothing is drawn here now.")) }
    tables.scrollTop = 0
  }
  const asked = (event) => {
    const button = event.composedPath().find((one) => one instanceof Element && one.matches("[data-table]"))
    if (button === undefined) { return }
    figures = button.dataset.table.split(" ")
    show()
    dialog.showModal()
    tables.focus()
  }
  anew.addEventListener("click", show)
  close.addEventListener("click", () => dialog.close())
  document.addEventListener("click", asked)
  model.on("remove", () => document.removeEventListener("click", asked))
  return dialog
}

function sources() {
  const all = window.Bokeh.documents.flatMap((doc) => [...doc.all_models])
  return new Map(all.filter((one) => one.type === "ColumnDataSource" && one.name).map((one) => [one.name, one.data]))
}

// A table of a source, or null if nothing is drawn of it.
function build(table, drawn, numbers, most) {
  const lanes = lanes_of(drawn.get(table.source), table.columns)
  if (lanes.length === 0) { return null }
  const [first, ...others] = table.columns
  const columns = [filled(first, lanes[0], 0, numbers, drawn)]
  const heads = [head(first, 0, 1)]
  for (const column of others) {
    lanes.forEach((lane, i) => {
      columns.push(filled(column, lane, i, numbers, drawn))
      heads.push(head(column, i, lanes.length))
    })
  }
  const [rows, words] = chosen(columns, table.order, most)
  const made = element("table")
  const caption = element("caption", {}, table.caption)
  caption.append(element("small", {}, `${words} ${table.note}`.trim()))
  const top = element("tr")
  top.append(...heads.map((text) => element("th", {scope: "col"}, text)))
  const [thead, tbody] = [element("thead"), element("tbody")]
  thead.append(top)
  const texts = columns.map((values) => texts_of(rows.map((row) => values[row])))
  tbody.append(...rows.map((_, row) => {
    const line = element("tr")
    line.append(...texts.map((column, i) => element(i ? "td" : "th", i ? {} : {scope: "row"}, column[row])))
    return line
  }))
  made.append(caption, thead, tbody)
  return made
}

// What is drawn of a source, cut where NaN separates several traces.
function lanes_of(data, columns) {
  const names = [...new Set(columns.flatMap((column) => column.drawn))]
  const length = data?.[names[0]]?.length ?? 0
  const lanes = []
  let start = 0
  for (let i = 0; i <= length; i++) {
    if (i < length && !names.some((name) => Number.isNaN(data[name][i]))) { continue }
    if (i > start) { lanes.push(Object.fromEntries(names.map((name) => [name, data[name].slice(start, i)]))) }
    start = i + 1
  }
  return lanes
}

function filled(column, lane, place, numbers, drawn) {
  const parts = column.drawn.map((name) => Array.from(lane[name]))
  if (column.neurons) { return neurons(column, ...parts, drawn.get(column.neurons)) }
  const zero = column.at + (column.apart ? place * numbers[column.apart] : 0)
  const scale = column.sign / (column.magnified ? numbers[column.magnified] : 1)
  return parts[0].map((_, i) => (parts.reduce((sum, part) => sum + part[i], 0) / parts.length - zero) * scale)
}

// Names of the neurons at these places: each layer is a row of dots, counted from the left.
function neurons({layers, at}, across, up, dots) {
  const heights = [...new Set(dots.y)].sort((one, other) => one - other)
  const counts = heights.map((height) => dots.y.filter((y) => y === height).length)
  return across.map((x, i) => {
    const layer = heights.indexOf(up[i])
    const name = layers.length === heights.length ? layers[layer] : layers[layer ? layers.length - 1 : 0]
    return `${name} ${Math.round((x - at) * counts[layer] + 0.5)}`
  })
}

function head({words, unit}, place, n) {
  const several = n > 1 && !words.includes("{n}") ? `${words} ${place + 1}` : words.replace("{n}", place + 1)
  return unit ? `${several} [${unit}]` : several
}

// Places of the rows to show, and a sentence on what is left out.
function chosen(columns, order, most) {
  const n = columns[0].length
  const rows = Array.from({length: n}, (_, i) => i)
  const last = columns.at(-1)
  if (order === "rising") { rows.sort((one, other) => columns[0][one] - columns[0][other]) }
  if (order === "strongest") { rows.sort((one, other) => Math.abs(last[other]) - Math.abs(last[one])) }
  if (n <= most) { return [rows, n === 1 ? "One row." : `All ${n} rows.`] }
  if (order === "samples") {
    const stride = Math.ceil(n / most)
    const kept = rows.filter((row) => row % stride === 0)
    return [kept, `${kept.length} of ${n} rows, one in ${stride}; ${n - kept.length} are left out.`]
  }
  const which = order === "rising" ? "first" : "strongest"
  return [rows.slice(0, most), `The ${which} ${most} of ${n} rows; ${n - most} are left out.`]
}

function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) { made.setAttribute(name, value) }
  made.textContent = text
  return made
}

// Texts of a column: all with the same number of decimals, five digits at its largest value.
function texts_of(values) {
  if (typeof values[0] === "string") { return values }
  const finite = values.filter(Number.isFinite)
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const whole = finite.every((value) => Math.abs(value - Math.round(value)) < 1e-6)
  const decimals = whole ? 0 : Math.min(Math.max(4 - Math.floor(Math.log10(largest)), 0), 9)
  return values.map((value) => Number.isFinite(value) ? value.toFixed(decimals).replace("-", "−") : "–")
}
