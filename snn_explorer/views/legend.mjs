// Lights up what belongs together. Pointing at a factor of the equation, or focusing it, marks what shows it by the
// page's variable --snn-marked-ROLE = 1, and lets what shows other factors only fade: --snn-shown-ROLE < 1. Pointing at
// a plot, a label or a control lights its factors in the equation, --snn-lit-ROLE = 1, and nothing fades.

const FADED = 0.35

export function render({model}) {
  const page = document.documentElement.style
  let lanes
  const light = (roles, fade) => {
    for (const role of [...model.roles, "none"]) {
      const lit = roles.includes(role)
      set(`--snn-lit-${role}`, lit ? "1" : "")
      set(`--snn-marked-${role}`, fade && lit ? "1" : "")
      set(`--snn-shown-${role}`, fade && !lit ? String(FADED) : "")
    }
    set("--snn-pointed", fade ? `var(--snn-${roles[0]})` : "")
    lanes ??= parts_of_plots()
    for (const {glyph, alpha, role} of lanes) {
      const value = fade && !roles.includes(role) ? FADED : 1
      if ((glyph[alpha].value ?? glyph[alpha]) !== value) { glyph.setv({[alpha]: {value}}, {sync: false}) }
    }
  }
  const set = (name, value) => {
    if (page.getPropertyValue(name) !== value) { page.setProperty(name, value) }
  }
  // mouseover and focusin, which say where from, do not leave a shadow root in which both places are: so the moves of
  // the pointer and the keys are heard, before the plots hear them
  let pointed
  const point = (event) => {
    const place = event.composedPath().find((one) => one instanceof Element && (one.dataset?.factor ?? one.dataset?.shows))
    if (place === pointed) { return }
    pointed = place
    light((place?.dataset.factor ?? place?.dataset.shows ?? "").split(" "), place?.dataset.factor !== undefined)
  }
  const point_at_lane = ({detail}) => light([detail], false)
  const leave = () => {
    pointed = undefined
    light([], false)
  }
  const listeners = {mousemove: point, keyup: point, "snn-lane": point_at_lane}
  for (const [kind, listener] of Object.entries(listeners)) { document.addEventListener(kind, listener, true) }
  document.documentElement.addEventListener("mouseleave", leave)
  model.on("remove", () => {
    for (const [kind, listener] of Object.entries(listeners)) { document.removeEventListener(kind, listener, true) }
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
