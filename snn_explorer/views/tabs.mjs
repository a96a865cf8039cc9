// A strip of tabs: the chosen one can be reached with the tab key, the others from it with the arrow keys.

export function render({model}) {
  const strip = document.createElement("div")
  strip.className = "strip"
  strip.setAttribute("role", "tablist")
  strip.setAttribute("aria-label", model.label)
  let tabs = []
  const fill = () => {
    tabs = model.names.map((name) => {
      const tab = document.createElement("button")
      tab.type = "button"
      tab.textContent = name
      tab.setAttribute("role", "tab")
      tab.addEventListener("click", () => { model.chosen = name })
      return tab
    })
    strip.replaceChildren(...tabs)
    show()
  }
  const show = () => {
    tabs.forEach((tab, i) => {
      const chosen = model.names[i] === model.chosen
      tab.setAttribute("aria-selected", String(chosen))
      tab.tabIndex = chosen ? 0 : -1
    })
  }
  strip.addEventListener("keydown", (event) => {
    const now = model.names.indexOf(model.chosen)
    const next = {ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1}[event.key]
    if (next === undefined) { return }
    event.preventDefault()
    const place = (next + tabs.length) % tabs.length
    model.chosen = model.names[place]
    tabs[place].focus()
  })
  model.on("chosen", show)
  model.on("names", fill)
  fill()
  return strip
}
