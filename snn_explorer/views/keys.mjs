// Shortcuts of the page. Keys that a field or a button needs for itself stay theirs.

const KEYS = new Set([" ", "ArrowRight", "r", "c", "b", "?", "1", "2", "3", "4", "5", "6", "7", "8", "9"])

export function render({model}) {
  const pressed = (event) => {
    const [target] = event.composedPath()
    if (!KEYS.has(event.key) || event.ctrlKey || event.metaKey || event.altKey || needs(target, event.key)) { return }
    event.preventDefault()
    if (!event.repeat || event.key === "ArrowRight") { model.send_msg({key: event.key}) }
  }
  document.addEventListener("keydown", pressed)
  model.on("remove", () => document.removeEventListener("keydown", pressed))
  return document.createElement("span")
}

function needs(target, key) {
  if (!(target instanceof Element)) { return false }
  if (target.closest("[role=dialog], [role=listbox], [role=menu]")) { return true }
  if (target.matches("[role=tab], input[type=radio], input[type=checkbox]")) { return key === " " || key === "ArrowRight" }
  if (target.matches("input[type=range], [role=slider]")) { return key === "ArrowRight" }
  if (target.matches("button, [role=button], [role=combobox], summary, a")) { return key === " " }
  return target.matches("input, textarea, select, [contenteditable]")
}
