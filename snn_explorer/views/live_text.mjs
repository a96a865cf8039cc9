// Shows numbers and sentences of the newest frame wherever the HTML asks for them:
//   <output data-number="cost" data-digits="2"></output>     <span data-text="sentence"></span>
// hides what a network has not:  <span data-if="hidden_rate_hz">, or takes it away:  <span data-only="accuracy" hidden>
// and explains what the pointer or the focus is on:  <span data-says="...">  in  <p data-caption>,
// where a sentence that is named  <p data-answer="why">  stands while there is one, as does  <button data-with="why">,
// and tells the server about  <button data-sends="...">.

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
    for (const place of root.querySelectorAll("[data-with]")) { place.hidden = !texts[place.dataset.with] }
    caption(texts)
  }
  let explained
  const caption = (texts) => {
    const place = root.querySelector("[data-caption]")
    if (place === null) { return }
    const text = explained ?? (texts[place.dataset.answer] || place.dataset.caption)
    if (place.textContent !== text) { place.textContent = text }
  }
  const explain = (event) => {
    const away = event.type === "mouseout" || event.type === "focusout"
    explained = away ? undefined : event.target.closest("[data-says]")?.dataset.says
    caption(window.snn_explorer?.texts ?? {})
  }
  for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) { root.addEventListener(kind, explain) }
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sends]")
    if (button !== null) { model.send_msg({sends: button.dataset.sends}) }
  })
  document.addEventListener("snn-explorer", show)
  model.on("html", fill)
  model.on("remove", () => document.removeEventListener("snn-explorer", show))
  fill()
  return root
}

function format(value, {digits = "0", sign, significant}) {
  if (value === undefined || Number.isNaN(value)) { return "–" }
  const size = Math.abs(value)
  const text = significant === undefined ? size.toFixed(Number(digits)) : rounded(size, Number(digits))
  if (!/[1-9]/.test(text)) { return text }
  return (value < 0 ? "−" : sign === undefined ? "" : "+") + text
}

// So many digits in all; what is very small or large has a power of ten.
function rounded(size, digits) {
  if (size === 0 || (size >= 0.01 && size < 1e5)) { return String(Number(size.toPrecision(digits))) }
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e")
  const power = exponent.replace("+", "").replace("-", "⁻").replace(/[0-9]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])
  return `${mantissa}·10${power}`
}
