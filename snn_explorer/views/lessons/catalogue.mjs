// The list of lessons. How far one has come is remembered in this browser, by the panel of the lesson (see panel.mjs).

const STORE = "snn-explorer-lessons"

export function render({model}) {
  const root = document.createElement("div")
  const show = () => {
    let progress = {}
    try { progress = JSON.parse(localStorage.getItem(STORE)) ?? {} } catch { /* private mode */ }
    const list = document.createElement("ol")
    list.append(...model.lessons.map((lesson) => entry(lesson, progress[lesson.slug], model)))
    root.replaceChildren(model.lessons.length ? list : said("p", "", "There are no lessons here."), ...broken(model.faults))
  }
  model.on("opened", show)
  show()
  return root
}

function entry(lesson, mine, model) {
  const item = document.createElement("li")
  item.classList.toggle("here", lesson.slug === model.here)
  const about = document.createElement("div")
  about.append(said("h3", "", lesson.title), said("small", "", lesson.about))
  const solved = mine?.solved?.length ?? 0
  const far = [
    lesson.slug === model.here ? "open now" : "",
    mine ? `step ${mine.step} of ${lesson.steps}` : "",
    solved ? `${solved} of ${lesson.tasks} tasks solved` : "",
  ].filter(Boolean).join(", ")
  if (far) { about.append(document.createElement("br"), said("small", "", `${far[0].toUpperCase()}${far.slice(1)}.`)) }
  const doors = said("div", "doors", "")
  const door = (text, name, step) => {
    const button = said("button", "", text)
    button.type = "button"
    button.setAttribute("aria-label", `${name}: ${lesson.title}`)
    button.addEventListener("click", () => model.send_msg({slug: lesson.slug, step}))
    doors.append(button)
  }
  const begun = mine?.step > 1 && mine.step <= lesson.steps
  if (begun) { door(`Go on at ${mine.step}`, `Go on at step ${mine.step} of lesson ${lesson.number}`, mine.step) }
  door(begun ? "From the start" : "Open", `Open lesson ${lesson.number}`, 1)
  item.append(said("span", "number", String(lesson.number)), about, doors)
  return item
}

function broken(faults) {
  if (faults.length === 0) { return [] }
  const place = said("div", "faults", "These lessons cannot be read:")
  place.setAttribute("role", "status")
  const list = document.createElement("ul")
  list.append(...faults.map((fault) => said("li", "", fault)))
  place.append(list)
  return [place]
}

function said(tag, kind, text) {
  return Object.assign(document.createElement(tag), {className: kind, textContent: text})
}
