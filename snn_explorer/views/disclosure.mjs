// What only those need to see who look for it.

export function render({model}) {
  const details = document.createElement("details")
  const summary = document.createElement("summary")
  summary.textContent = model.label
  details.append(summary, ...model.get_child("objects"))
  return details
}
