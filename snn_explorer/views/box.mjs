// Parts of the page, side by side in this element as its style sheets say.

export function render({model, view, el}) {
  const root = el.parentNode
  // parts of our own look after themselves; only figures and text are laid out from here
  Object.defineProperty(view, "layoutable_views", {
    configurable: true,
    get: () => view.child_views.filter((child) => !child.model.type.includes(".esm.")),
  })
  let shown = []
  const show = () => {
    const objects = model.get_child("objects")
    for (const gone of shown.filter((one) => !objects.includes(one))) { gone.remove() }
    root.append(...objects)
    shown = objects
  }
  el.style.display = "none"
  model.on("objects", show)
  show()
}
