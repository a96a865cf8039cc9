// Chooses the probe synapse: the layer of its target, and the neurons on both sides, counted from 1.

export function render({model}) {
  const root = document.createElement("div")
  root.className = "synapse"
  const select = document.createElement("select")
  select.setAttribute("aria-label", "Layer of the synapse")
  const field = (name) => {
    const input = document.createElement("input")
    Object.assign(input, {type: "number", min: 1, step: 1})
    input.setAttribute("aria-label", name)
    return input
  }
  const pre = field("Presynaptic neuron")
  const post = field("Postsynaptic neuron")
  const arrow = document.createElement("span")
  arrow.textContent = "→"
  root.append(select, pre, arrow, post)

  const limit = () => {
    const names = Object.keys(model.layers)
    pre.max = model.inputs[select.value] ?? model.layers[names[names.indexOf(select.value) - 1]] ?? 1
    post.max = model.layers[select.value] ?? 1
  }
  const show = () => {
    const names = Object.keys(model.layers)
    select.replaceChildren(...names.slice(1).map((name, i) => new Option(`${names[i]} → ${name}`, name)))
    select.value = model.layer
    limit()
    for (const [input, value] of [[pre, model.pre], [post, model.post]]) {
      if (root.getRootNode().activeElement !== input) { input.value = value + 1 }
    }
  }
  const send = () => {
    const at = (input) => Math.max(1, Math.min(Number(input.max), Math.round(Number(input.value)) || 1)) - 1
    model.send_msg({layer: select.value, pre: at(pre), post: at(post)})
  }
  select.addEventListener("change", () => { limit(); pre.value = post.value = 1; send() })
  pre.addEventListener("change", send)
  post.addEventListener("change", send)
  for (const name of ["layers", "inputs", "layer", "pre", "post"]) { model.on(name, show) }
  show()
  return root
}
