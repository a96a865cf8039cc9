// The step button, and beside it the choice of what one step is. The arrow keys do the same as the button.
// A step within the window is for "snn-explorer-step"; a larger one goes to the next frame that is kept, see
// "snn-explorer-go", or where there is none advances the run.

export function render({model}) {
  const root = document.createElement("div")
  root.className = "stepper"
  root.innerHTML = `<button type="button"><svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M6 6l9 6-9 6zM16 6h2v12h-2z"></path></svg></button>
    <span class="unit"><select aria-label="What one step is" title="What one step is"></select></span>`
  const button = root.querySelector("button")
  const select = root.querySelector("select")
  for (const unit of Object.keys(model.units)) { select.append(new Option(unit)) }
  select.value = model.strides[0]

  const tell = (name, detail) => !document.dispatchEvent(new CustomEvent(name, {detail, cancelable: true}))
  const step = (by) => {
    if (!model.strides.includes(select.value)) {
      tell("snn-explorer-step", {unit: select.value, by})
    } else if (!tell("snn-explorer-go", {by}) && by > 0) {
      model.send_msg({stride: select.value})
    }
  }
  const name_it = () => {
    button.title = `Advance by one ${model.units[select.value]}, then pause (right arrow; left arrow goes back)`
    button.setAttribute("aria-label", button.title)
  }
  const pressed = ({detail: {key}}) => {
    if (key === "ArrowRight") { step(1) }
    if (key === "ArrowLeft") { step(-1) }
  }
  // after a choice by pointer, the arrow keys are for steps again
  let pointed = false
  select.addEventListener("pointerdown", () => { pointed = true })
  select.addEventListener("keydown", () => { pointed = false })
  select.addEventListener("change", () => {
    name_it()
    if (pointed) { button.focus({focusVisible: false}) }
  })
  button.addEventListener("click", () => step(1))
  document.addEventListener("snn-explorer-key", pressed)
  model.on("remove", () => document.removeEventListener("snn-explorer-key", pressed))
  name_it()
  return root
}
