// Buttons and lists, side by side. The server hears the key of what was pressed or chosen.

const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  again: "M12 5V1.5L7 6.5l5 5V8a5 5 0 1 1-5 5H4a8 8 0 1 0 8-8z",
  undo: "M7.5 11.2C9 9.9 10.8 9.2 12.7 9.2c3.6 0 6.6 2.3 7.7 5.4l2.2-.8C21.2 9.8 17.3 6.9 12.7 6.9c-2.6 0-5 1-6.8 2.6L2.5 6.1v8.5H11z",
  save: "M5 18h14v2H5zM9 3h6v6h4l-7 7-7-7h4z",
  lesson: "M12 3L1 9l11 6 9-4.9V17h2V9zM5 13.2v4L12 21l7-3.8v-4L12 17z",
  help: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1 12h2v2h-2zM8 10a4 4 0 1 1 6.7 3c-1.1.9-1.7 1.2-1.7 2h-2c0-2 1.3-2.7 2.3-3.5A2 2 0 1 0 10 10z",
  beside: "M3 5h8v2H3zM3 9h8v2H3zM3 13h8v2H3zM3 17h8v2H3zM13 5h8v14h-8z",
  close: "M6.4 5L12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6 10.6 12 5 6.4z",
}

export function render({model}) {
  const root = document.createElement("div")
  root.className = "items"
  const parts = Object.entries(model.items).map(([key, item]) => {
    const send = (word) => model.send_msg({key, word})
    const {element, show} = item.options ? choice(item, send) : button(send)
    element.classList.add(...item.where ? [item.where] : [])
    root.append(element)
    return [key, show]
  })
  const show = () => { for (const [key, shown] of parts) { shown(model.items[key]) } }
  model.on("items", show)
  show()
  return root
}

function button(send) {
  const element = document.createElement("button")
  element.type = "button"
  element.addEventListener("click", () => send(""))
  return {element, show: ({icon, label, says, disabled}) => {
    const drawn = icon ? `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[icon]}"></path></svg>` : ""
    if (element.dataset.shown !== icon + label) {
      element.dataset.shown = icon + label
      element.innerHTML = drawn
      element.append(label)
    }
    element.classList.toggle("worded", label !== "")
    element.disabled = disabled
    if (says) {
      element.title = says
      element.setAttribute("aria-label", says)
    }
  }}
}

function choice({label, options}, send) {
  const element = document.createElement("label")
  element.className = "choice"
  const name = document.createElement("span")
  const list = document.createElement("select")
  name.textContent = label
  list.append(...options.map((word) => new Option(word)))
  // after a choice by pointer, keys are for the page again
  let pointed = false
  list.addEventListener("pointerdown", () => { pointed = true })
  list.addEventListener("keydown", () => { pointed = false })
  list.addEventListener("change", () => {
    send(list.value)
    if (pointed) { list.blur() }
  })
  element.append(name, list)
  return {element, show: ({word}) => { list.value = word }}
}
