// What can be taken away: figures are made here, from the plots as they are; all other files are made on the server.

const SCALE = 2  // pixels of a PNG for each pixel of the page
const BESIDE = 152  // room for labels left of the stack [px]
const ABOVE = 28  // room for the label above a single plot [px]
const SVG = "http://www.w3.org/2000/svg"
const RIGHT = 12  // room for half a tick's text [px]

const FILES = {
  Data: {netcdf: "NetCDF", csv: "CSV"},
  Weights: {safetensors: "safetensors"},
  Run: {run: "Save"},
}

export function render({model}) {
  const root = document.createElement("div")
  root.className = "take-away"
  root.innerHTML = `
    <h3>Figure</h3><div><select aria-label="Which figure"></select> <button data-figure="svg">SVG</button>
      <button data-figure="png">PNG</button></div>
    ${Object.entries(FILES).map(([title, files]) => `<h3>${title}</h3><div>${buttons(files)}
      ${title === "Run" ? LOAD : ""}<small>${model.about[title]}</small></div>`).join("")}
    <h3>Link</h3><div><button data-copy="link">Copy the address</button><small>${model.about.Link}</small></div>
    ${recipe("command", "Command")}${recipe("code", "Python code")}
    <p class="said" role="status"></p>`
  const [select, file, said] = root.querySelectorAll("select, input, .said")
  file.accept = model.suffix

  let waiting = 0
  const say = (sentence, fault = false) => {
    clearTimeout(waiting)
    said.textContent = sentence
    said.classList.toggle("fault", fault)
  }
  const ask = (message) => {
    say("")
    waiting = setTimeout(() => say("Preparing …"), 1000)
    model.send_msg(message)
  }
  const begin = () => {
    const figures = shown(model.figures)
    const stacks = Object.keys(model.stacks).filter((stack) => figures.some((figure) => figure.stack === stack))
    const choices = [...figures.map(({name, title}) => [title, name]), ...stacks.map((stack) => [model.stacks[stack], stack])]
    select.replaceChildren(...choices.map(([title, name]) => new Option(title, name)))
    say("")
  }
  const show_recipes = () => {
    for (const name of ["command", "code"]) {
      const {text, remark} = model[name]
      const block = root.querySelector(`.${name}`)
      block.querySelector("pre").textContent = text
      block.querySelector("pre").hidden = block.querySelector("button").hidden = text === ""
      block.querySelector("small").textContent = remark
    }
  }
  const take_figure = async (kind) => {
    const chosen = select.value, stacked = chosen in model.stacks
    const wanted = shown(model.figures).filter(({name, stack}) => (stacked ? stack : name) === chosen)
    if (stacked) { wanted.sort((one, other) => top_of(one) - top_of(other)) }
    const {text, width, height} = compose(wanted, stacked, model.caption)
    const svg = new Blob([text], {type: "image/svg+xml"})
    const name = `${model.stem}-${chosen.replace(":", "_")}.${kind}`
    download(name, kind === "svg" ? svg : await png(svg, width, height))
  }
  const load = async (chosen) => {
    const message = {ask: "load", size: chosen.size}
    try {
      if (chosen.size <= model.most) { message.content = await chosen.arrayBuffer() }
    } catch {
      message.size = -1  // the file changed, or is a folder
    }
    ask(message)
  }
  root.addEventListener("click", async ({target: {dataset}}) => {
    try {
      if (dataset.ask) { ask({ask: dataset.ask}) }
      if (dataset.figure) { await take_figure(dataset.figure) }
      if (dataset.copy) { await copy(dataset.copy === "link" ? location.href : model[dataset.copy].text, root); say("Copied.") }
    } catch (error) {
      say(`This did not work: ${error.message}`, true)
    }
  })
  file.addEventListener("change", () => {
    if (file.files.length) { load(file.files[0]) }
    file.value = ""  // so that the same file can be chosen again
  })
  model.on("command", show_recipes)
  model.on("code", show_recipes)
  model.on("msg:custom", (data) => {
    say(data.fault ?? "", true)
    if (data.content) { download(data.name, new Blob([data.content], {type: "application/octet-stream"})) }
  })
  model.on("opened", begin)
  show_recipes()
  return root
}

const LOAD = `<label><input type="file"><span class="button">Load a file …</span></label>`

const buttons = (files) =>
  Object.entries(files).map(([kind, words]) => `<button data-ask="${kind}">${words}</button>`).join(" ")

const recipe = (name, title) => `<h3>${title}</h3><div class="recipe ${name}"><pre tabindex="0" aria-label="${title}"></pre>
  <button data-copy="${name}">Copy</button><small></small></div>`

function download(name, blob) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}

// The clipboard is for secure pages only; elsewhere the text is selected and copied as a person would.
async function copy(text, root) {
  if (navigator.clipboard) { return navigator.clipboard.writeText(text) }
  const area = document.createElement("textarea")
  area.value = text
  root.append(area)
  area.select()
  document.execCommand("copy")
  area.remove()
}

// Figures that are to be seen, with their views.
function shown(figures) {
  const models = window.Bokeh.documents.flatMap((doc) => [...doc.all_models]).filter(({type}) => type === "Figure")
  return figures.flatMap((figure) => {
    const plot = models.find(({name}) => name === figure.name)
    const view = plot && window.Bokeh.index.find_one_by_id(plot.id)
    return view?.el.checkVisibility({visibilityProperty: true}) && view.el.clientHeight > 0 ? [{...figure, view}] : []
  })
}

const top_of = ({view}) => view.el.getBoundingClientRect().top

// One drawing of these plots: a stack with the labels on its left, or one plot with its label above.
function compose(figures, stacked, caption) {
  const [left, top] = stacked ? [BESIDE, 6] : [0, ABOVE]
  const drawing = document.createElementNS(SVG, "svg")
  drawing.append(element("title", {}, caption), element("rect", {width: "100%", height: "100%", fill: shade("paper")}))
  let [width, height] = [0, top]
  for (const figure of figures) {
    const text = figure.view.export("svg").ctx.get_serialized_svg(true)
    const plot = new DOMParser().parseFromString(text, "image/svg+xml").documentElement
    const place = element("g", {transform: `translate(${left} ${height})`})
    place.append(...plot.childNodes)
    drawing.append(place, ...(stacked ? label_beside(figure, height) : [label_above(figure)]))
    width = Math.max(width, left + Number(plot.getAttribute("width")) + RIGHT)
    height += Number(plot.getAttribute("height"))
  }
  const size = {width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "Roboto, system-ui, sans-serif"}
  for (const [name, value] of Object.entries(size)) { drawing.setAttribute(name, value) }
  return {text: new XMLSerializer().serializeToString(drawing), width, height}
}

function label_beside(figure, y) {
  const words = element("text", {x: 8, y: y + 34, "font-size": 11, fill: shade("muted")}, named(figure))
  const sign = element("text", {x: 8, y: y + 18})
  sign.append(...symbol(figure))
  return [sign, words]
}

function label_above(figure) {
  const line = element("text", {x: 8, y: 19})
  line.append(...symbol(figure), element("tspan", {"font-size": 13, dx: 6, fill: shade("ink")}, named(figure)))
  return line
}

const named = ({title, unit}) => unit ? `${title} [${unit}]` : title

function symbol({symbol: [letter, ...index], role}) {
  if (letter === undefined) { return [] }
  const style = {fill: shade(role), "font-style": "italic"}
  const below = element("tspan", {...style, "font-size": 11, dy: 4}, index.join(""))
  const back = element("tspan", {dy: -4}, "\u200b")
  return [element("tspan", {...style, "font-size": 18}, letter), ...(index.length ? [below, back] : [])]
}

function element(kind, attributes, text = "") {
  const made = document.createElementNS(SVG, kind)
  for (const [name, value] of Object.entries(attributes)) { made.setAttribute(name, value) }
  made.textContent = text
  return made
}

const shade = (role) => getComputedStyle(document.documentElement).getPropertyValue(`--snn-${role}`).trim()

async function png(svg, width, height) {
  const picture = new Image()
  picture.src = URL.createObjectURL(svg)
  await picture.decode()
  const canvas = document.createElement("canvas")
  canvas.width = SCALE * width
  canvas.height = SCALE * height
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height)
  URL.revokeObjectURL(picture.src)
  return new Promise((done) => canvas.toBlob(done, "image/png"))
}
