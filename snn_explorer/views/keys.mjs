// Shortcuts of the page. Keys that a field or a button needs for itself stay theirs. Those that go through time stay in
// the browser, as the event "snn-explorer-key".

const TRAVEL = new Set(["ArrowRight", "ArrowLeft", ",", ".", "Escape"])
const REPEATING = new Set(["mod+z", "mod+shift+z", "mod+y"])

export function render({model}) {
  const pressed = (event) => {
    const key = name_of(event)
    if (!model.keys.includes(key) || event.altKey || needs(event.composedPath(), key)) { return }
    event.preventDefault()
    if (TRAVEL.has(key)) {
      document.dispatchEvent(new CustomEvent("snn-explorer-key", {detail: {key}}))
    } else if (!event.repeat || REPEATING.has(key)) {
      model.send_msg({key})
    }
  }
  document.addEventListener("keydown", pressed)
  model.on("remove", () => document.removeEventListener("keydown", pressed))
  return document.createElement("span")
}

// A key as `guidance.SHORTCUTS` names it; Ctrl and Cmd are the same.
function name_of({key, ctrlKey, metaKey, shiftKey}) {
  return ctrlKey || metaKey ? `mod+${shiftKey ? "shift+" : ""}${key.toLowerCase()}` : key
}

function needs(path, key) {
  const [target] = path
  if (!(target instanceof Element)) { return false }
  if (path.some((one) => one instanceof Element && one.matches(MODAL))) { return true }
  // a field for a number needs it only while somebody types
  if (key.startsWith("mod+")) { return target.matches(WRITTEN) && !target.matches(SETTLED) }
  const arrow = key === "ArrowRight" || key === "ArrowLeft"
  if (target.matches("[role=tab], input[type=radio], input[type=checkbox]")) { return key === " " || arrow }
  if (target.matches("input[type=range], [role=slider]")) { return arrow }
  if (target.matches("button, [role=button], [role=combobox], summary, a")) { return key === " " }
  return target.matches("input, textarea, select, [contenteditable]")
}

// a dialog that was just closed may have the focus for another moment
const MODAL = "dialog[open], [role=dialog], [role=listbox], [role=menu]"
const SETTLED = ".field > :not([data-typing], [aria-invalid=true])"
const WRITTEN = "input:not([type=range], [type=radio], [type=checkbox]), textarea, [contenteditable]"
