// Chooses the moment at which the rule is shown, in milliseconds; an empty field means the whole chunk.

export function render({model}) {
  const root = document.createElement("label")
  root.className = "synapse moment"
  const input = document.createElement("input")
  Object.assign(input, {type: "number", min: 0, step: "any", placeholder: "all"})
  input.setAttribute("aria-label", "Moment of the rule in ms, empty for the whole chunk")
  root.append("at", input, "ms")
  const show = () => {
    if (root.getRootNode().activeElement !== input) { input.value = model.moment ?? "" }
  }
  input.addEventListener("change", () => {
    const moment = Number(input.value)
    model.send_msg({moment: input.value === "" || !(moment >= 0) ? null : moment})
  })
  model.on("moment", show)
  show()
  return root
}
