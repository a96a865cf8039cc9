// A number that can be dragged or typed. The slider may be logarithmic; what is typed may lie outside the slider's
// range, and what cannot be used stays in the field until it is corrected.

const STEPS = 400
const ECHO = 1000

export function render({model}) {
  const id = `quantity-${model.key}`
  const root = document.createElement("div")
  root.className = "quantity"
  root.title = model.sentence
  root.innerHTML = `
    <label for="${id}"></label>
    <span class="field"><input id="${id}" type="text" inputmode="decimal" autocomplete="off" spellcheck="false"
      aria-describedby="${id}-says ${id}-fault"><span class="unit"></span></span>
    <input class="slider" type="range" min="0" max="${STEPS}" step="1">
    <p class="fault" id="${id}-fault" role="alert"></p><p class="reader" id="${id}-says"></p>`
  const [field, slider] = root.querySelectorAll("input")
  const fault = root.querySelector(".fault")
  root.querySelector("label").innerHTML = `${model.label} <i>${model.symbol}</i>`
  root.querySelector(".unit").textContent = model.unit
  root.querySelector(".reader").textContent = model.sentence
  root.style.setProperty("--accent", model.role ? `var(--snn-${model.role})` : "var(--mui-palette-text-primary)")
  slider.setAttribute("aria-label", `${model.label}, slider`)
  slider.hidden = !model.slider

  const {low, high, log, whole} = model
  const at = (value) => STEPS * (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low))
  const value_at = (place) => {
    const part = place / STEPS
    const value = log ? low * (high / low) ** part : low + (high - low) * part
    return whole ? Math.round(value) : Number(value.toPrecision(log ? 2 : 3))
  }
  // What the server says while a hand is on the control is an echo of it, and late.
  let touched = 0
  const show = () => {
    if (Date.now() - touched < ECHO) { return }
    if (!fault.textContent && !typing) { field.value = plain(model.value) }
    slider.value = Math.max(0, Math.min(STEPS, at(model.value)))
    mark()
    slider.setAttribute("aria-valuetext", `${plain(model.value)} ${model.unit}`)
  }
  // the server's answer to an earlier value must not replace what somebody is typing
  let typing = false
  const send = () => {
    typing = false
    model.send_msg({typed: field.value})
  }
  field.addEventListener("input", () => { typing = true })
  const mark = () => slider.style.setProperty("--at", `${100 * Number(slider.value) / STEPS}%`)
  slider.addEventListener("input", () => {
    touched = Date.now()
    mark()
    fault.textContent = ""
    field.value = plain(value_at(Number(slider.value)))
    send()
  })
  field.addEventListener("change", () => { touched = 0; send() })
  const tell = () => {
    fault.textContent = model.fault
    field.setAttribute("aria-invalid", String(model.fault !== ""))
  }
  model.on("value", show)
  model.on("fault", () => { tell(); show() })
  tell()
  show()
  return root
}

const plain = (value) => String(Number(value.toPrecision(6)))
