// Lights up what belongs together. The factor of the equation that is pointed at, or focused, is the page's variable
// --snn-lit-ROLE = 1, and what shows other factors only fades: --snn-shown-ROLE < 1. Pointing at a plot, a label or a
// control lights its factors, and nothing fades.

const FADED = 0.35

export function render({model}) {
  const page = document.documentElement.style
  let lanes
  const light = (roles, fade) => {
    for (const role of [...model.roles, "none"]) {
      const lit = roles.includes(role)
      set(`--snn-lit-${role}`, lit ? "1" : "")
      set(`--snn-shown-${role}`, fade && !lit ? String(FADED) : "")
    }
    lanes ??= parts_of_plots()
    for (const {glyph, alpha, role} of lanes) {
      const value = fade && !roles.includes(role) ? FADED : 1
      if ((glyph[alpha].value ?? glyph[alpha]) !== value) { glyph.setv({[alpha]: {value}}, {sync: false}) }
    }
  }
  const set = (name, value) => {
    if (page.getPropertyValue(name) !== value) { page.setProperty(name, value) }
  }
  const point = (event) => {
    const place = event.composedPath().find((one) => one instanceof Element && (one.dataset?.factor ?? one.dataset?.shows))
    light((place?.dataset.factor ?? place?.dataset.shows ?? "").split(" "), place?.dataset.factor !== undefined)
  }
  const point_at_lane = ({detail}) => light([detail], false)
  const leave = () => light([], false)
  const listeners = {mouseover: point, focusin: point, focusout: leave, "snn-lane": point_at_lane}
  for (const [kind, listener] of Object.entries(listeners)) { document.addEventListener(kind, listener) }
  document.documentElement.addEventListener("mouseleave", leave)
  model.on("remove", () => {
    for (const [kind, listener] of Object.entries(listeners)) { document.removeEventListener(kind, listener) }
    document.documentElement.removeEventListener("mouseleave", leave)
    leave()
  })
  return document.createElement("span")
}

// Of a plot with several factors, the parts that are tagged with their role.
function parts_of_plots() {
  const found = []
  for (const one of window.Bokeh.documents.flatMap((doc) => [...doc.all_models])) {
    if (one.type !== "GlyphRenderer" || one.tags[0] !== "factor") { continue }
    found.push({glyph: one.glyph, alpha: one.glyph.type === "Text" ? "text_alpha" : "line_alpha", role: one.tags[1]})
  }
  return found
}
