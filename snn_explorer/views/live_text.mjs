// Shows numbers and sentences of the newest frame wherever the HTML asks for them:
//   <output data-number="cost" data-digits="2"></output>     <span data-text="sentence"></span>
// hides what a network has not:  <span data-if="hidden_rate_hz">, or takes it away:  <span data-only="accuracy" hidden>
// and explains what the pointer or the focus is on:  <span data-says="...">  in  <p data-caption>.

export function render({model, el}) {
  const root = document.createElement("div")
  root.className = "live-text"
  const fill = () => {
    root.innerHTML = model.html
    show({detail: window.snn_explorer ?? {}})
  }
  const show = ({detail: {numbers = {}, texts = {}}}) => {
    for (const place of root.querySelectorAll("[data-number]")) {
      const text = format(numbers[place.dataset.number], place.dataset)
      if (place.textContent !== text) { place.textContent = text }
    }
    for (const place of root.querySelectorAll("[data-if]")) {
      place.style.visibility = Number.isNaN(numbers[place.dataset.if]) ? "hidden" : ""
    }
    for (const place of root.querySelectorAll("[data-only]")) {
      place.hidden = Number.isNaN(numbers[place.dataset.only] ?? NaN)
    }
    for (const place of root.querySelectorAll("[data-text]")) {
      const text = texts[place.dataset.text] ?? ""
      if (place.textContent !== text) { place.textContent = text }
    }
  }
  const explain = (event) => {
    const caption = root.querySelector("[data-caption]")
    if (caption === null) { return }
    const factor = event.type === "mouseout" || event.type === "focusout" ? null : event.target.closest("[data-says]")
    caption.textContent = factor?.dataset.says ?? caption.dataset.caption
  }
  for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) { root.addEventListener(kind, explain) }
  document.addEventListener("snn-explorer", show)
  model.on("html", fill)
  model.on("remove", () => document.removeEventListener("snn-explorer", show))
  fill()
  return root
}

function format(value, {digits = "0", sign, significant}) {
  if (value === undefined || Number.isNaN(value)) { return "–" }
  const size = Math.abs(value)
  const text = significant === undefined ? size.toFixed(Number(digits)) : String(Number(size.toPrecision(Number(digits))))
  const negative = value < 0 && Number(text) !== 0
  return (negative ? "−" : sign === undefined ? "" : "+") + text
}
