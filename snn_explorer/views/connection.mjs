// Says that the server does not answer any more, and what to do.

const SAYS = "The connection to SNN Explorer is lost, so what you see stands still. If the program has ended, start it " +
  "again; then load this page. Its address holds every parameter."

export function render() {
  const lost = document.createElement("div")
  lost.className = "lost"
  lost.setAttribute("role", "alert")
  lost.hidden = true
  const says = document.createElement("span")
  const again = document.createElement("button")
  again.textContent = "Load again"
  again.addEventListener("click", () => window.location.reload())
  lost.append(says, again)
  for (const one of window.Bokeh.documents) {
    one.on_event("connection_lost", () => {
      lost.hidden = false
      says.textContent = SAYS  // a screen reader says what changes while it is seen
    })
  }
  return lost
}
