// A control of the drawer: a number that can be dragged or typed, a choice of a few words, or a switch.
// It works while it is greyed, which only says that it has no effect now, and why; unless it is locked.

const STEPS = 400
const REST = 600  // ms

export function render({model}) {
  const root = document.createElement("div")
  root.className = `control ${model.kind}`
  const accent = model.role ? `var(--snn-${model.role})` : "var(--mui-palette-text-primary)"
  root.style.setProperty("--accent", accent)
  root.style.setProperty("--written", model.role ? `var(--snn-${model.role}-text, ${accent})` : accent)
  root.dataset.shows = model.role
  root.style.setProperty("--lit", `var(--snn-marked-${model.role || "none"}, 0)`)
  const control = {quantity, choice, text, toggle}[model.kind](model, root)
  const fault = element("p", {class: "fault", id: "fault", role: "alert"})
  const says = element("p", {class: "says", id: "says"})
  root.append(fault, says)

  // The server answers each wish with its number: what it says before the last answer is about an earlier wish.
  let wished = model.answered
  control.wish = (wish, gesture = 0) => {
    wished += 1
    model.send_msg({wish, number: wished, gesture})
  }
  const show = () => {
    if (wished > model.answered) { return }
    fault.textContent = model.fault
    control.show(model.value, model.fault !== "")
  }
  const grey = () => {
    root.classList.toggle("idle", model.idle !== "" || model.locked !== "")
    root.classList.toggle("locked", model.locked !== "")
    for (const input of root.querySelectorAll("input")) { input.disabled = model.locked !== "" }
    root.classList.toggle("other", model.other !== "")
    root.querySelector(".why").textContent = model.locked || model.idle
    says.textContent = (model.other ? `${model.other} ` : "") + (model.idle ? `No effect now: ${model.idle}. ` : "") + model.sentence
  }
  for (const name of ["answered", "value", "fault"]) { model.on(name, show) }
  for (const name of ["idle", "locked", "other"]) { model.on(name, grey) }
  show()
  grey()
  return root
}

function quantity(model, root) {
  const {low, high, log, whole, unit} = model
  root.innerHTML = `
    <label for="field"></label><span class="field"><input id="field" type="text" inputmode="decimal"
      autocomplete="off" spellcheck="false" aria-describedby="says fault"><span class="unit"></span></span>
    <span class="rail"><input class="slider" type="range" min="0" max="${STEPS}" step="1"><span class="why"></span></span>`
  const [field, slider] = root.querySelectorAll("input")
  name_it(root.querySelector("label"), model)
  root.querySelector(".unit").textContent = unit
  slider.setAttribute("aria-label", `${model.label}, slider`)
  root.querySelector(".rail").hidden = !model.slider

  const at = (value) => STEPS * (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low))
  const value_at = (place) => {
    const part = place / STEPS
    const value = log ? low * (high / low) ** part : low + (high - low) * part
    return whole ? Math.round(value) : Number(value.toPrecision(log ? 2 : 3))
  }
  const mark = () => slider.style.setProperty("--at", `${100 * Number(slider.value) / STEPS}%`)
  // what the server says must not replace what somebody is typing, nor what cannot be used
  const typing = (whether) => { field.toggleAttribute("data-typing", whether) }
  const control = {show(value, faulty) {
    field.setAttribute("aria-invalid", String(faulty))
    if (!faulty && !field.matches("[data-typing]")) { field.value = plain(value) }
    slider.value = Math.max(0, Math.min(STEPS, at(value)))
    slider.setAttribute("aria-valuetext", `${plain(value)} ${unit}`)
    mark()
  }}
  field.addEventListener("input", () => typing(true))
  field.addEventListener("change", () => {
    typing(false)
    control.wish(field.value)
  })
  // A drag is one gesture, and so are keys that follow each other quickly: either ends some time after its last change.
  let gesture = 1
  let rest
  slider.addEventListener("input", () => {
    clearTimeout(rest)
    mark()
    field.value = plain(value_at(Number(slider.value)))
    control.wish(field.value, gesture)
  })
  slider.addEventListener("change", () => {
    clearTimeout(rest)
    rest = setTimeout(() => { gesture += 1 }, REST)
  })
  return control
}

function choice(model, root) {
  root.setAttribute("role", "radiogroup")
  root.setAttribute("aria-labelledby", "name")
  root.setAttribute("aria-describedby", "says")
  const name = element("span", {id: "name"})
  name_it(name, model)
  const options = element("span", {class: "options"})
  const inputs = Object.entries(model.options).map(([value, text]) => {
    const input = element("input", {type: "radio", name: "option", value})
    const label = element("label", {})
    label.append(input, Object.assign(document.createElement("span"), {textContent: text}))
    options.append(label)
    return input
  })
  root.append(name, element("span", {class: "why"}), options)
  const control = {show(value) {
    for (const input of inputs) { input.checked = input.value === value }
  }}
  options.addEventListener("change", (event) => control.wish(event.target.value))
  return control
}

function text(model, root) {
  root.innerHTML = `
    <label for="field"></label><span class="field"><input id="field" type="text" autocomplete="off" spellcheck="false"
      aria-describedby="says fault"></span><span class="why"></span>`
  const field = root.querySelector("input")
  name_it(root.querySelector("label"), model)
  field.addEventListener("change", () => control.wish(field.value.trim()))
  const control = {show(value, faulty) {
    field.setAttribute("aria-invalid", String(faulty))
    if (!faulty) { field.value = value }
  }}
  return control
}

function toggle(model, root) {
  const label = element("label", {for: "switch"})
  name_it(label, model)
  const input = element("input", {id: "switch", type: "checkbox", role: "switch", "aria-describedby": "says"})
  root.append(label, element("span", {class: "why"}), input)
  const control = {show(value) { input.checked = value }}
  input.addEventListener("change", () => control.wish(input.checked))
  return control
}

function element(tag, attributes) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) { made.setAttribute(name, value) }
  return made
}

function name_it(place, {label, symbol}) {
  place.classList.add("name")
  place.innerHTML = symbol ? `${label} <i>${symbol}</i>` : label
}

const plain = (value) => String(Number(value.toPrecision(6)))
