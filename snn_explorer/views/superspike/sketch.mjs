// A canvas to draw on with mouse, finger or pen. The strokes are kept in shares of its size, and sent as a picture in
// black on white after each of them.

const WIDTH = 600
const HEIGHT = 150
const PEN = 12

export function render({model}) {
  const root = document.createElement("div")
  root.className = "board"
  root.innerHTML = `<canvas width="${2 * WIDTH}" height="${2 * HEIGHT}" role="img"></canvas>
    <button type="button">Clear</button>`
  const [canvas, clear] = root.children
  canvas.setAttribute("aria-label", model.label)
  let strokes = JSON.parse(model.strokes || "[]")

  const paint = (context, scale, ink) => {
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.lineWidth = PEN
    context.lineCap = context.lineJoin = "round"
    context.strokeStyle = ink
    for (const stroke of strokes) {
      context.beginPath()
      stroke.forEach(([x, y], i) => { context[i ? "lineTo" : "moveTo"](x * WIDTH, y * HEIGHT) })
      if (stroke.length === 1) { context.lineTo(stroke[0][0] * WIDTH + 0.1, stroke[0][1] * HEIGHT) }
      context.stroke()
    }
  }
  const show = () => {
    const context = canvas.getContext("2d")
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvas.width, canvas.height)
    paint(context, 2, getComputedStyle(canvas).color)
  }
  const send = () => {
    model.strokes = JSON.stringify(strokes)
    if (strokes.length === 0) {
      model.send_msg({content: null})
      return
    }
    const page = Object.assign(document.createElement("canvas"), {width: WIDTH, height: HEIGHT})
    const context = page.getContext("2d")
    context.fillStyle = "white"
    context.fillRect(0, 0, WIDTH, HEIGHT)
    paint(context, 1, "black")
    page.toBlob((blob) => blob.arrayBuffer().then((content) => model.send_msg({content})))
  }

  let drawing = null
  const place = (event) => {
    const box = canvas.getBoundingClientRect()
    const share = (at, from, size) => Number(Math.max(0, Math.min(1, (at - from) / size)).toFixed(4))
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (drawing !== null || event.button !== 0) { return }
    drawing = event.pointerId
    canvas.setPointerCapture(event.pointerId)
    strokes.push([place(event)])
    show()
  })
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) { return }
    for (const moved of event.getCoalescedEvents?.() ?? [event]) { strokes.at(-1).push(place(moved)) }
    show()
  })
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => {
      if (event.pointerId !== drawing) { return }
      drawing = null
      send()
    })
  }
  clear.addEventListener("click", () => {
    strokes = []
    show()
    send()
  })
  requestAnimationFrame(show)
  return root
}
