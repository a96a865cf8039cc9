// A step of a lesson. What was reached, chosen and solved is remembered in this browser, by the slug of the lesson.

const STORE = "snn-explorer-lessons"

export function render({model}) {
  const root = make("section", "lesson")
  const {slug, title, steps} = model.lesson
  root.setAttribute("aria-label", `Lesson: ${title}`)
  const progress = progress_of(slug)
  const ask = (asks, step = 0) => model.send_msg({asks, step})

  const header = make("header")
  const [at, bar] = [make("p"), make("progress")]
  const [back, next] = [button("← Back"), button("Next →", "next")]
  at.setAttribute("role", "status")
  bar.max = steps
  bar.setAttribute("aria-label", "Steps of the lesson")
  back.addEventListener("click", () => { if (model.step.number > 1) { ask("step", model.step.number - 1) } })
  next.addEventListener("click", () => {
    if (model.step.number < steps) { ask("step", model.step.number + 1) } else { ask("list") }
  })
  header.append(make("p", "", title), at, bar, row(back, next))
  const body = make("div")
  body.style.padding = "0"
  const footer = make("footer")
  const [again, leave] = [button("Reset this step"), button("Explore freely from here")]
  again.title = "A new network, with the settings of this step"
  leave.title = "Leave the lesson; network and settings stay as they are"
  again.addEventListener("click", () => ask("reset"))
  leave.addEventListener("click", () => ask("leave"))
  footer.append(row(again, leave))
  root.append(header, body, footer)

  let task = () => {}
  const show_step = () => {
    const {step} = model
    at.textContent = `Step ${step.number} of ${steps}`
    bar.value = step.number
    back.setAttribute("aria-disabled", String(step.number === 1))
    next.textContent = step.number < steps ? "Next →" : "All lessons"
    progress.keep({step: step.number})
    mark(step.watch)
    const blocks = [prediction(step, progress, ask), work(step, progress, ask), picture(step)].filter(Boolean)
    task = blocks.find((block) => block.show)?.show ?? (() => {})
    const heading = html("h2", "", step.title)
    body.replaceChildren(heading, html("div", "text", step.html), ...blocks)
    for (const part of [heading, body.children[1]]) { part.style.padding = "0 16px" }
    to_top(root)
    show_attempt()
  }
  const show_attempt = () => {
    if (model.attempt.solved) { progress.solve(model.step.number) }
    task(model.attempt)
  }
  model.on("step", show_step)
  model.on("attempt", show_attempt)
  model.on("remove", () => mark([]))
  show_step()
  return root
}

// What somebody expects. The answer is shown once they chose, and they may choose again.
function prediction({number, prediction: asked}, progress, ask) {
  if (!asked) { return undefined }
  const block = make("div", "part")
  const question = html("p", "", asked.question)
  question.id = "question"
  block.append(make("h3", "", "What do you expect?"), question)
  const answer = make("div", "answer")
  answer.setAttribute("role", "status")
  const waits = make("p", "waits", "Learning waits until you choose, or press play.")
  const opinion = !asked.choices.some(({right}) => right)
  const show = (chosen) => {
    const {answer: said, right} = asked.choices[chosen]
    const verdict = opinion ? "" : right ? "✓ Right. " : "✗ Not this one. "
    answer.className = right ? "answer right" : "answer"
    answer.replaceChildren(make("b", "", verdict), html("span", "", said))
    answer.hidden = false
    waits.hidden = true
  }
  const group = make("div")
  group.setAttribute("role", "radiogroup")
  group.setAttribute("aria-labelledby", "question")
  asked.choices.forEach((choice, i) => {
    const label = make("label", "choice")
    const input = Object.assign(make("input"), {type: "radio", name: "choice"})
    input.addEventListener("change", () => {
      progress.choose(number, i)
      show(i)
      ask("answered", number)
    })
    label.append(input, html("span", "", choice.html))
    group.append(label)
  })
  answer.hidden = true
  block.append(group, answer, waits)
  const before = progress.chosen(number)
  if (before in asked.choices) {
    group.querySelectorAll("input")[before].checked = true
    show(before)
    ask("answered", number)
  }
  return block
}

// What is to be done. Its checks say how it stands, as the server sees it.
function work({number, task}, progress, ask) {
  if (!task) { return undefined }
  const block = make("div", "part")
  block.append(make("h3", "", "Your task"), html("p", "", task.do))
  const list = make("ul", "checks")
  list.setAttribute("aria-label", "Checks of the task")
  const lines = task.checks.map((text) => {
    const line = make("li")
    const [tick, value, state] = [make("span", "tick", "○"), make("output"), make("span", "state")]
    tick.setAttribute("aria-hidden", "true")
    value.setAttribute("aria-live", "off")
    line.append(tick, make("span", "", text), value, state)
    list.append(line)
    return {line, tick, value, state}
  })
  const solved = make("p", "solved")
  solved.setAttribute("role", "status")
  const doors = make("div", "row")
  const hint = html("p", "", task.hint)
  hint.id = "hint"
  hint.hidden = true
  if (task.hint) {
    const door = button("Show a hint")
    door.setAttribute("aria-controls", "hint")
    const open = () => door.setAttribute("aria-expanded", String(!hint.hidden))
    door.addEventListener("click", () => {
      hint.hidden = !hint.hidden
      door.textContent = hint.hidden ? "Show a hint" : "Hide the hint"
      open()
    })
    open()
    doors.append(door)
  }
  if (task.solution) {
    const door = button("Apply the solution")
    door.title = "A new network, with settings that solve the task"
    door.addEventListener("click", () => ask("solution"))
    doors.append(door)
  } else {
    doors.append(make("small", "", "It is solved by waiting."))
  }
  block.append(list, solved, doors, hint)
  block.show = ({checks, solved: now}) => {
    lines.forEach(({line, tick, value, state}, i) => {
      const {value: text, holds} = checks?.[i] ?? {value: "–", holds: false}
      line.classList.toggle("done", holds)
      set(tick, holds ? "✓" : "○")
      set(value, text)
      set(state, holds ? "done" : "not yet")
    })
    set(solved, now ? "✓ Task solved." : progress.solved(number) ? "✓ Solved before." : "")
  }
  return block
}

function picture({picture: it}) {
  if (!it) { return undefined }
  const figure = make("figure")
  const image = Object.assign(make("img"), {src: it.source, alt: it.says})
  figure.append(make("h3", "", "What it should look like"), image, make("figcaption", "", it.says))
  return figure
}

// Labels of plots that a step is about have a line, see labels.py.
let marked = []
function mark(plots) {
  const page = document.documentElement.style
  for (const plot of marked) { page.removeProperty(`--snn-watched-${plot}`) }
  for (const plot of plots) { page.setProperty(`--snn-watched-${plot}`, "1") }
  marked = plots
}

function progress_of(slug) {
  const read = () => { try { return JSON.parse(localStorage.getItem(STORE)) ?? {} } catch { return {} } }
  let mine = {step: 1, solved: [], chosen: {}, ...read()[slug]}
  const keep = (changes) => {
    mine = {...mine, ...changes}
    try { localStorage.setItem(STORE, JSON.stringify({...read(), [slug]: mine})) } catch { /* private mode */ }
  }
  return {
    keep,
    solved: (step) => mine.solved.includes(step),
    solve: (step) => { if (!mine.solved.includes(step)) { keep({solved: [...mine.solved, step]}) } },
    chosen: (step) => mine.chosen[step],
    choose: (step, choice) => keep({chosen: {...mine.chosen, [step]: choice}}),
  }
}

// A step is read from its beginning.
function to_top(part) {
  while (part) {
    if (part.scrollTop > 0) { part.scrollTop = 0 }
    part = part.parentNode ?? part.host
  }
}

const set = (place, text) => { if (place.textContent !== text) { place.textContent = text } }

function make(tag, kind = "", text = "") {
  return Object.assign(document.createElement(tag), {className: kind, textContent: text})
}

// From a lesson, where HTML and scripts are shown as the text they are; the server made it so.
function html(tag, kind, inner) {
  return Object.assign(document.createElement(tag), {className: kind, innerHTML: inner})
}

function button(text, kind = "") {
  return Object.assign(make("button", kind, text), {type: "button"})
}

function row(...parts) {
  const place = make("div", "row")
  place.append(...parts)
  return place
}
