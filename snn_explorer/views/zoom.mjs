// Who drags over a part of the time axis: a mouse or a pen. A finger scrolls the page, on whatever device.

export function render({model}) {
  // A figure's tool acts for the pointer that was pressed last. It is never `active`: Bokeh would then keep fingers from
  // scrolling, and the browser reads that before it tells anybody of a finger.
  const press = (event) => {
    const toolbar = toolbar_under(event.composedPath())
    const tool = toolbar?.tools.find(({type}) => type === "BoxZoomTool")
    if (tool) { toolbar.gestures.pan.active = event.pointerType === "touch" ? null : tool }
  }
  // The browser scrolls with a pen after all: what it dragged over until now is given up, as with the key.
  const give_up = (event) => {
    if (event.pointerType !== "touch") {
      event.composedPath()[0].dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}))
    }
  }

  // before Bokeh hears of it
  window.addEventListener("pointerdown", press, true)
  window.addEventListener("pointercancel", give_up, true)
  model.on("remove", () => {
    window.removeEventListener("pointerdown", press, true)
    window.removeEventListener("pointercancel", give_up, true)
  })
  return document.createElement("span")
}

// Toolbar of the figure that these elements lie in, if they do.
function toolbar_under(path) {
  return window.Bokeh.documents.flatMap((doc) => [...doc.all_models]).find((one) => (
    one.type === "Figure" && path.includes(window.Bokeh.index.find_one_by_id(one.id)?.el)
  ))?.toolbar
}
