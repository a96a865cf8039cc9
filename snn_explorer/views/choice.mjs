// Chooses one of some names, and a number from 1 on that belongs to it.

export function render({model}) {
  const root = document.createElement("div")
  root.className = "synapse"
  const said = (words) => {
    const place = document.createElement("label")
    place.append(words, " ")
    root.append(place)
    return place
  }
  const select = document.createElement("select")
  said(model.words).append(select)
  const input = document.createElement("input")
  Object.assign(input, {type: "number", min: 1, step: 1})
  const numbered = said(model.number_words)
  numbered.append(input)

  const show = () => {
    if (select.options.length !== model.names.length || model.names.some((name, i) => select.options[i].text !== name)) {
      select.replaceChildren(...model.names.map((name, i) => new Option(name, i)))
    }
    select.value = model.chosen
    input.max = model.most
    numbered.style.visibility = model.most > 1 ? "" : "hidden"
    if (root.getRootNode().activeElement !== input) { input.value = model.number + 1 }
  }
  const send = () => {
    const number = Math.max(1, Math.min(model.most, Math.round(Number(input.value)) || 1)) - 1
    model.send_msg({chosen: Number(select.value), number})
  }
  select.addEventListener("change", () => { input.value = 1; send() })
  input.addEventListener("change", send)
  for (const name of ["names", "chosen", "number", "most"]) { model.on(name, show) }
  show()
  return root
}
