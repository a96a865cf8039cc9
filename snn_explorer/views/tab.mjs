// Says which page this tab of the browser showed before, once the page is there, and remembers which it shows now.
// The key stays in the tab: a link does not share a run, and another tab has its own.

const PLACE = "snn-explorer"

export function render({model}) {
  const remember = (key) => {
    try { sessionStorage.setItem(PLACE, key) } catch { /* then a page that is loaded again begins anew */ }
  }
  model.on("after_render", () => {
    let before = ""
    try { before = sessionStorage.getItem(PLACE) ?? "" } catch { /* as above */ }
    remember(model.key)
    // on a busy machine a message may be lost
    const tell = () => {
      if (model.heard) { return }
      model.send_msg({before})
      setTimeout(tell, 2000)
    }
    tell()
  })
  model.on("msg:custom", ({key}) => remember(key))
  return document.createElement("span")
}
