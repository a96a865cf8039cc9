// What to try first. A hint that was followed or closed never comes back in this browser.

const STORE = "snn-explorer-hints"

export function render({model}) {
  const root = document.createElement("div")
  root.className = "hints"
  const read = () => { try { return JSON.parse(localStorage.getItem(STORE)) ?? [] } catch { return [] } }
  const close = (keys) => {
    try { localStorage.setItem(STORE, JSON.stringify([...new Set([...read(), ...keys])])) } catch { /* private mode */ }
    show()
  }
  const show = () => {
    const closed = read()
    root.replaceChildren()
    for (const [key, text] of Object.entries(model.hints)) {
      if (closed.includes(key)) { continue }
      const hint = document.createElement("span")
      hint.className = "hint"
      if (model.doors.includes(key)) {
        const door = Object.assign(document.createElement("button"), {className: "door", textContent: text})
        door.addEventListener("click", () => {
          close([key])
          model.send_msg({key})
        })
        hint.append(door)
      } else {
        hint.textContent = text
      }
      const button = document.createElement("button")
      button.textContent = "×"
      button.setAttribute("aria-label", `Close this hint: ${text}`)
      button.addEventListener("click", () => close([key]))
      hint.append(button)
      root.append(hint)
    }
  }
  model.on("followed", () => close(model.followed))
  show()
  return root
}
