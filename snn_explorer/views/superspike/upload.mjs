// Takes a file, chosen or dropped, until it is removed. One that is too large is not sent, only how large it is.

export function render({model}) {
  const root = document.createElement("div")
  root.className = "drop"
  root.innerHTML = `<label><input type="file"><span class="button"></span></label><span class="file"></span>
    <button type="button">Remove</button>`
  const [input, button, file_name, remove] = root.querySelectorAll("input, .button, .file, button")
  input.accept = model.accept
  button.textContent = model.label
  const show = () => {
    file_name.textContent = model.file_name || "or drop it here"
    remove.hidden = model.file_name === ""
  }
  const send = async (file) => {
    model.file_name = file.name
    const message = {name: file.name, size: file.size}
    try {
      if (file.size <= model.most) { message.content = await file.arrayBuffer() }
    } catch {
      message.size = -1  // the file changed, or is a folder
    }
    model.send_msg(message)
  }
  input.addEventListener("change", () => {
    if (input.files.length) { send(input.files[0]) }
    input.value = ""  // so that the same file can be chosen again after it was mended
  })
  remove.addEventListener("click", () => {
    model.file_name = ""
    model.send_msg({name: null})
    input.focus()
  })
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    root.addEventListener(kind, (event) => {
      event.preventDefault()
      root.classList.toggle("over", kind === "dragenter" || kind === "dragover")
    })
  }
  root.addEventListener("drop", ({dataTransfer: {files}}) => { if (files.length) { send(files[0]) } })
  model.on("file_name", show)
  show()
  return root
}
