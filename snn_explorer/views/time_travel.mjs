// The last minute of frames, and a slider that goes back through them while learning goes on. While an earlier frame is
// shown, new frames are kept and not drawn. All frames are told by "snn-explorer-frame", and drawn by
// "snn-explorer-draw"; "snn-explorer-go" asks for the frame before or after, and is cancelled where there is one.

// A pause counts no longer than this [ms]: time without frames is nothing to go back through.
const LONGEST_GAP = 1000

export function render({model}) {
  const root = document.createElement("div")
  root.className = "strip"
  root.setAttribute("role", "group")
  root.setAttribute("aria-label", "The last minute")
  root.innerHTML = `
    <button type="button" title="One frame back (,)" aria-label="One frame back"><svg viewBox="0 0 18 18" aria-hidden="true"><path
      d="M12 3v12L5 9z"></path></svg></button>
    <input type="range" max="0" step="0.01" aria-label="Back through the last minute of frames">
    <button type="button" title="One frame on (.)" aria-label="One frame on"><svg viewBox="0 0 18 18" aria-hidden="true"><path
      d="M6 3v12l7-6z"></path></svg></button>
    <span class="said"></span>
    <button type="button" class="live" title="Back to the present (Escape)">live</button>`
  const [back, on, live] = root.querySelectorAll("button")
  const slider = root.querySelector("input"), said = root.querySelector(".said")
  const minute = new Minute(model)
  window.snn_explorer = {...window.snn_explorer, minute}
  let held = null

  const look = (frame) => {
    held = frame === minute.newest ? null : frame
    document.dispatchEvent(new CustomEvent("snn-explorer-draw", {detail: frame}))
    show()
  }
  const go = (by) => {
    const frame = minute.beside(held ?? minute.newest, by)
    if (frame) { look(frame) }
    return frame !== undefined
  }
  const show = () => {
    if (!minute.newest) { return }
    const ago = held === null ? 0 : minute.ago(held)
    const time = (held ?? minute.newest).numbers.time
    said.textContent = held === null ? "" : `${ago.toFixed(1)} s ago · t = ${plain(time)} ${model.unit}`
    slider.min = -model.seconds
    slider.style.setProperty("--from", `${100 * (1 - minute.ago(minute.frames[0]) / model.seconds)}%`)
    if (!slider.matches(":active")) { slider.value = -ago }
    slider.setAttribute("aria-valuetext", said.textContent || "the present")
    back.disabled = !minute.beside(held ?? minute.newest, -1)
    on.disabled = live.disabled = held === null
    if (root.classList.contains("past") !== (held !== null)) {
      root.classList.toggle("past", held !== null)
      document.documentElement.style.setProperty("--snn-past", held === null ? "0px" : "3px")
    }
  }
  const present = () => { if (held) { look(minute.newest) } }

  const came = (event) => {
    if (minute.is_of_another_run(event.detail)) { held = null }  // what is past is not this run's
    minute.add(event.detail)
    if (held) { event.preventDefault() }
    show()
  }
  const asked = (event) => { if (go(event.detail.by)) { event.preventDefault() } }
  const pressed = ({detail: {key}}) => {
    ({",": () => go(-1), ".": () => go(1), Escape: present})[key]?.()
  }
  slider.addEventListener("input", () => { if (minute.newest) { look(minute.nearest(-Number(slider.value))) } })
  slider.addEventListener("change", show)
  slider.addEventListener("keydown", (event) => {
    const by = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1}[event.key]
    if (by === undefined) { return }
    event.preventDefault()
    go(by)
  })
  back.addEventListener("click", () => go(-1))
  on.addEventListener("click", () => go(1))
  live.addEventListener("click", present)
  const ears = {"snn-explorer-frame": came, "snn-explorer-go": asked, "snn-explorer-key": pressed}
  for (const [name, ear] of Object.entries(ears)) { document.addEventListener(name, ear) }
  model.on("remove", () => {
    for (const [name, ear] of Object.entries(ears)) { document.removeEventListener(name, ear) }
  })
  return root
}

const plain = (value) => value.toFixed(1).replace("-", "−")

// Frames in the order in which they came, no older than so many seconds, in no more than so many megabytes.
class Minute {
  constructor(limits) {
    this.limits = limits
    this.forget()
  }

  forget() {
    this.frames = []
    this.bytes = 0
    this.holders = new Map()  // how many columns of the frames lie in each buffer
    this.came = this.clock = 0
  }

  get newest() { return this.frames.at(-1) }

  // Or of two runs where there was one, or the other way round: other plots have other columns.
  is_of_another_run({serial, columns, numbers}) {
    const {newest} = this
    return newest !== undefined
      && (serial < newest.serial || numbers.time < newest.numbers.time || String(columns) !== String(newest.columns))
  }

  add(frame) {
    if (this.is_of_another_run(frame)) { this.forget() }
    const now = performance.now()
    this.clock += Math.min(now - this.came, LONGEST_GAP)
    this.came = now
    frame.at = this.clock
    if (frame.serial === this.newest?.serial) { this.drop(this.frames.length - 1) }
    this.frames.push(frame)
    this.count(frame, 1)
    while (this.ago(this.frames[0]) > this.limits.seconds) { this.drop(0) }
    while (this.bytes > 1e6 * this.limits.megabytes && this.frames.length > 2) { this.drop(this.least_missed()) }
  }

  ago(frame) { return (this.newest.at - frame.at) / 1000 }

  nearest(ago) {
    const distance = (frame) => Math.abs(this.ago(frame) - ago)
    return this.frames.reduce((best, frame) => (distance(frame) <= distance(best) ? frame : best))
  }

  // The frame before or after one that need not be here any more.
  beside(frame, by) {
    if (!frame) { return undefined }
    return by > 0 ? this.frames.find(({at}) => at > frame.at) : this.frames.findLast(({at}) => at < frame.at)
  }

  // Where frames are close together for their age; the oldest and the newest stay.
  least_missed() {
    let best = 0, least = Infinity
    for (let i = 1; i < this.frames.length - 1; i++) {
      const gap = (this.frames[i + 1].at - this.frames[i - 1].at) / (1000 + this.newest.at - this.frames[i].at)
      if (gap < least) { [best, least] = [i, gap] }
    }
    return best
  }

  drop(i) { this.count(this.frames.splice(i, 1)[0], -1) }

  // A column that was not sent again lies in the message of an earlier frame, which it keeps.
  count(frame, by) {
    for (const data of frame.tables.values()) {
      for (const {buffer} of Object.values(data)) {
        const before = this.holders.get(buffer) ?? 0
        if (before === 0) { this.bytes += buffer.byteLength }
        if (before + by === 0) { this.bytes -= buffer.byteLength }
        if (before + by === 0) { this.holders.delete(buffer) } else { this.holders.set(buffer, before + by) }
      }
    }
  }
}
