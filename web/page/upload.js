// Sends a draft's file at once, in pieces by the tus protocol, and goes on where it was when the connection is back or the page was left.
// Without it the form sends the file whole.
const input = document.querySelector("input[type=file][data-tus]");
if (input && window.fetch && window.localStorage) {
  const form = input.form, bar = form.querySelector("progress"), says = form.querySelector("[data-says]"), named = form.elements.upload;
  const piece = 2 << 20;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const request = (url, method, headers, body) => fetch(url, { method, body, headers: { "Tus-Resumable": "1.0.0", ...headers } });
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  let turn = 0;

  // send returns the id of the file once it is there, or throws why it is not taken.
  async function send(file, current) {
    const mark = ["upload", input.dataset.tus, file.name, file.size, file.lastModified].join(" ");
    let url = localStorage.getItem(mark), offset = -1;
    for (let lost = 0; current(); ) {
      try {
        let answer;
        if (!url) {
          answer = await request(input.dataset.tus, "POST", { "Upload-Length": file.size, "Upload-Metadata": "filename " + base64(file.name) });
          if (answer.status === 201) {
            url = new URL(answer.headers.get("Location"), location.href).pathname;
            localStorage.setItem(mark, url);
            offset = 0;
          }
        } else if (offset < 0) {
          answer = await request(url, "HEAD", {});
          if (answer.ok) offset = Number(answer.headers.get("Upload-Offset"));
          else if (answer.status < 500) { // it is gone: from the beginning
            localStorage.removeItem(mark);
            url = null;
            continue;
          }
        } else {
          answer = await request(url, "PATCH", { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" }, file.slice(offset, offset + piece));
          if (answer.ok) offset = Number(answer.headers.get("Upload-Offset"));
        }
        if (answer.status === 422) {
          localStorage.removeItem(mark);
          throw new Error(await answer.text(), { cause: "refused" });
        }
        if (!answer.ok) throw new Error("status " + answer.status);
        lost = 0;
        bar.value = Math.max(offset, 0) / file.size;
        says.textContent = input.dataset.sending;
        if (offset === file.size) return url.slice(url.lastIndexOf("/") + 1);
      } catch (why) {
        if (why.cause === "refused") throw why;
        says.textContent = input.dataset.lost;
        offset = -1;
        await wait(Math.min(30000, 1000 * 2 ** lost++));
      }
    }
  }

  input.addEventListener("change", async () => {
    const mine = ++turn, current = () => mine === turn, file = input.files[0];
    named.value = "";
    bar.hidden = !file;
    bar.value = 0;
    says.textContent = file ? input.dataset.sending : "";
    if (!file) return;
    const buttons = form.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      named.value = (await send(file, current)) || "";
      if (!current()) return;
      input.value = ""; // the form names it
      says.textContent = file.name + " · " + input.dataset.there;
    } catch (why) {
      if (!current()) return;
      input.value = "";
      says.textContent = why.message;
    }
    bar.hidden = true;
    for (const button of buttons) button.disabled = false;
  });
}
