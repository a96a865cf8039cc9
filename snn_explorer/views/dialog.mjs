// A dialog that the server opens, and that a person closes with its button, Escape or a click beside it.

export function render({model}) {
  const dialog = document.createElement("dialog")
  dialog.setAttribute("aria-labelledby", "title")
  dialog.innerHTML = `<header><h2 id="title"></h2><button type="button" class="close">Close</button></header>
    <div class="body" tabindex="0" role="group" aria-labelledby="title"></div>`
  const body = dialog.querySelector(".body")
  dialog.querySelector("h2").textContent = model.title

  const fill = () => body.replaceChildren(...model.get_child("objects"))
  const show = () => {
    if (model.open && !dialog.open) {
      dialog.showModal()
      body.focus()
    } else if (!model.open) {
      dialog.close()
    }
  }
  // at once, and not with the event "close", which comes later: the next key may open a dialog again
  const leave = () => { model.open = false }
  dialog.addEventListener("cancel", ({target}) => { if (target === dialog) { leave() } })
  dialog.addEventListener("close", () => { if (!dialog.open) { leave() } })
  dialog.querySelector(".close").addEventListener("click", leave)
  // what is beside a dialog belongs to it as its backdrop; its inside is all covered by others
  dialog.addEventListener("click", (event) => { if (event.composedPath()[0] === dialog) { leave() } })
  model.on("objects", fill)
  model.on("open", show)
  fill()
  return dialog
}
