/* The drop zone: sends files of any size in pieces, and goes on where it was after a lost
   connection, a closed browser or a restarted server. The form works without this file.
   Speaks tus 1.0 to ingest/upload_views.py. */
"use strict";

const SMALLEST = 256 * 1024;
const LARGEST = 8 * 1024 * 1024;
const PIECE_SECONDS = 3;

const form = document.querySelector("form[data-upload]");
const list = document.querySelector("[data-uploads]");
const told = document.querySelector("[data-upload-told]");
const sender = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const locale = document.documentElement.lang;
const queue = [];
let token = form && form.querySelector("input[name=csrf_token]").value;
let active = null;
let isAlone = true;

class Answer extends Error {
  constructor(status, said) {
    super(said.error || "");
    this.status = status;
    this.kind = said.kind;
  }
}

class Lost extends Error {}

/* Words */
function say(name, values = {}) {
  const text = form.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`];
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

function size(bytes) {
  let amount = bytes;
  let unit = "B";
  for (const larger of ["kB", "MB", "GB", "TB"]) {
    if (amount < 1000) break;
    amount /= 1000;
    unit = larger;
  }
  const digits = unit !== "B" && amount < 100 ? 1 : 0;
  return `${amount.toLocaleString(locale, { maximumFractionDigits: digits })} ${unit}`;
}

function time(seconds) {
  if (seconds < 60) return `${Math.ceil(seconds)} ${say("second")}`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} ${say("minute")}`;
  return `${Math.floor(minutes / 60)} ${say("hour")} ${minutes % 60} ${say("minute")}`;
}

/* The wire. XMLHttpRequest, for fetch does not tell how much of a piece has gone. */
function ask(method, url, { headers = {}, body = null, upload = null, onProgress = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader("Tus-Resumable", "1.0.0");
    request.setRequestHeader("X-CSRFToken", token);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    request.timeout = 180000;
    request.onerror = request.ontimeout = () => reject(new Lost());
    request.onabort = () => reject(new Lost());
    request.onload = () => {
      let said = {};
      try { said = JSON.parse(request.responseText || "{}"); } catch { said = {}; }
      if (said.csrf_token) token = said.csrf_token;
      if ([0, 502, 504].includes(request.status) || (request.status === 503 && !said.error)) reject(new Lost());
      else if (request.status >= 300 || request.responseURL.includes("/login")) reject(new Answer(request.status, said));
      else resolve({ said, offset: Number(request.getResponseHeader("Upload-Offset")) });
    };
    if (upload) upload.request = request;
    request.send(body);
  });
}

/* A form token lives for hours, an upload may live for days: on 400 a new one is asked for. */
async function askWell(method, url, options) {
  try {
    return await ask(method, url, options);
  } catch (error) {
    if (!(error instanceof Answer) || error.status !== 400) throw error;
    await ask("GET", form.dataset.upload);
    return ask(method, url, options);
  }
}

const inBase64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join(""));
const inHex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
const sha256 = (bytes) => crypto.subtle.digest("SHA-256", bytes);

async function read(file, from, to) {
  try {
    return await file.slice(from, to).arrayBuffer();
  } catch {
    throw new Answer(0, { error: say("changed") });
  }
}

/* One file on its way, and its row on the page. */
class Upload {
  constructor(file, { url = null, declared = {} } = {}) {
    Object.assign(this, { file, url, declared, offset: 0, piece: 1024 * 1024, rate: 0 });
    this.isStopped = false;
    this.takesOver = false;
    this.hasSent = false; // anything at all from this window
    this.isWaiting = false; // for another window that sends the same file
    this.draw();
  }

  draw() {
    this.row = document.createElement("li");
    this.row.className = "upload";
    const name = document.createElement("strong");
    name.textContent = this.file.name;
    this.bar = document.createElement("progress");
    this.bar.max = this.file.size;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", this.file.name);
    this.text = document.createElement("p");
    this.text.className = "small";
    this.buttons = document.createElement("div");
    this.buttons.className = "row";
    this.pause = this.button("pause", () => this.toggle());
    this.throwAway = this.button("throw", () => this.drop());
    this.row.append(name, this.bar, this.text, this.buttons);
    list.append(this.row);
    list.hidden = false;
    this.show(say("waiting"));
  }

  button(word, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small";
    button.textContent = say(word);
    button.setAttribute("aria-label", `${say(word)}: ${this.file.name}`);
    button.addEventListener("click", press);
    this.buttons.append(button);
    return button;
  }

  show(text, { isNews = false, isBad = false } = {}) {
    this.text.textContent = text;
    this.row.classList.toggle("upload--bad", isBad);
    if (isNews) told.textContent = `${this.file.name}: ${text}`;
  }

  at(bytes) {
    this.bar.value = bytes;
    if (this.isWaiting) return undefined; // the row says for what
    const values = { done: size(bytes), size: size(this.file.size), rate: size(this.rate) };
    if (!this.rate) return this.show(say("starting", values));
    values.left = time((this.file.size - bytes) / this.rate);
    this.bar.setAttribute("aria-valuetext", say("sending", values));
    return this.show(say("sending", values));
  }

  label(word) {
    this.pause.textContent = say(word);
    this.pause.setAttribute("aria-label", `${say(word)}: ${this.file.name}`);
  }

  toggle() {
    window.clearTimeout(this.timer);
    this.takesOver = this.takesOver || this.wasElsewhere;
    const isTrying = this.isWaiting && !this.isStopped;
    this.isWaiting = false;
    if (isTrying) return; // it takes over with the next try
    if (!this.isStopped) {
      this.stop(say("paused", { done: size(this.offset), size: size(this.file.size) }));
      return;
    }
    this.isStopped = false;
    this.label("pause");
    this.show(say("waiting"));
    queue.push(this);
    next();
  }

  stop(text, { isBad = false, isNews = true } = {}) {
    this.isStopped = true;
    if (this.request) this.request.abort();
    this.label("resume");
    this.show(text, { isNews, isBad });
    if (this.wake) this.wake();
  }

  /* What another window sends is not this one's to throw away. */
  async drop() {
    const url = this.wasElsewhere ? null : this.url;
    window.clearTimeout(this.timer);
    this.stop(say("dropped"));
    this.isDropped = true;
    this.buttons.remove();
    try {
      if (url) await askWell("DELETE", url);
    } catch (error) {
      this.show(error.message || say("dropped"), { isBad: Boolean(error.message) });
    }
  }

  async run() {
    let tries = 0;
    while (!this.isStopped) {
      try {
        await this.meet();
        while (!this.isStopped && this.offset < this.file.size) {
          await this.send();
          tries = 0;
        }
        if (!this.isStopped) this.follow(); // not waited for: the next file may come meanwhile
        return;
      } catch (error) {
        if (this.isStopped) return;
        if (!(error instanceof Lost)) return this.fail(error);
        tries += 1;
        await this.rest(Math.min(30, 2 ** (tries - 1)));
      }
    }
  }

  fail(error) {
    this.wasElsewhere = error.kind === "elsewhere";
    if (this.wasElsewhere) this.standBy();
    else if (error.status === 403 && !error.kind || error.status === 200) this.stop(say("login"), { isBad: true });
    else this.stop(error.message || `${error.status || error}`, { isBad: true });
  }

  /* The other window may be one that was closed: it is taken for gone after a while of silence. Who
     has sent was taken over from, and must not take back. */
  standBy() {
    this.stop(say("elsewhere"), { isBad: true, isNews: !this.isWaiting });
    if (this.hasSent) return;
    this.isWaiting = true;
    this.timer = window.setTimeout(() => {
      this.isStopped = false;
      begin(this);
    }, 5000);
  }

  async rest(seconds) {
    this.show(say("lost", { seconds }), { isNews: true, isBad: true });
    await new Promise((resolve) => {
      this.wake = resolve;
      window.setTimeout(resolve, seconds * 1000);
      window.addEventListener("online", resolve, { once: true });
    });
    this.wake = null;
  }

  /* Find or make the upload at the house, and where it goes on. */
  async meet() {
    if (!this.url) {
      const { said } = await askWell("GET", form.dataset.upload);
      const same = said.uploads.find((u) => u.name === this.file.name && u.size === this.file.size && u.state === "sending");
      this.url = same ? same.url : await this.create();
    }
    const { said } = await askWell("GET", this.url);
    if (said.state === undefined) throw new Answer(403, {});
    this.offset = said.state === "sending" ? said.offset : this.file.size;
    if (said.state === "sending" && said.offset && crypto.subtle) await this.compare(said);
    this.at(this.offset);
  }

  async create() {
    const said = { filename: this.file.name, ...this.declared };
    const pairs = Object.entries(said).filter(([, value]) => value);
    const header = pairs.map(([name, value]) => `${name} ${inBase64(new TextEncoder().encode(value))}`).join(",");
    const headers = { "Upload-Length": String(this.file.size), "Upload-Metadata": header };
    return (await askWell("POST", form.dataset.upload, { headers })).said.url;
  }

  /* Name and size may be those of another file: the last bytes that came must be its too. */
  async compare(said) {
    if (!this.isWaiting) this.show(say("checking"));
    const own = await read(this.file, said.offset - said.tail_bytes, said.offset);
    if (inHex(await sha256(own)) !== said.tail) throw new Answer(0, { error: say("content") });
  }

  async send() {
    const body = await read(this.file, this.offset, Math.min(this.offset + this.piece, this.file.size));
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(this.offset),
      "Upload-Sender": sender,
    };
    if (crypto.subtle) headers["Upload-Checksum"] = `sha256 ${inBase64(await sha256(body))}`;
    if (this.takesOver) headers["Upload-Take-Over"] = "yes";
    const begun = performance.now();
    const start = this.offset;
    try {
      const answer = await askWell("PATCH", this.url, {
        headers, body, upload: this, onProgress: (sent) => this.at(start + sent),
      });
      this.offset = answer.offset;
    } catch (error) {
      // Damaged on the way, or stored although the answer was lost: ask again where it stands.
      if (error instanceof Answer && (error.status === 460 || error.kind === "misplaced")) throw new Lost();
      throw error;
    } finally {
      this.request = null;
    }
    this.takesOver = this.wasElsewhere = this.isWaiting = false;
    this.hasSent = true;
    this.label("pause");
    const seconds = Math.max(0.001, (performance.now() - begun) / 1000);
    const rate = body.byteLength / seconds;
    this.rate = this.rate ? 0.7 * this.rate + 0.3 * rate : rate;
    this.piece = Math.round(Math.min(LARGEST, Math.max(SMALLEST, this.rate * PIECE_SECONDS)));
    this.at(this.offset);
  }

  /* All is there: the house counts it and makes it a delivery. */
  async follow() {
    this.buttons.remove();
    this.bar.value = this.file.size;
    this.show(say("whole"), { isNews: true });
    for (let wait = 500; ; wait = Math.min(10000, wait * 1.5)) {
      await new Promise((resolve) => { window.setTimeout(resolve, wait); });
      let said;
      try {
        ({ said } = await askWell("GET", this.url));
      } catch (error) {
        if (error instanceof Lost) continue;
        return this.show(error.message || say("login"), { isNews: true, isBad: true });
      }
      if (said.has_failed) return this.show(say("stopped"), { isNews: true, isBad: true });
      if (said.state === "taken") return this.arrived(said);
    }
  }

  arrived(said) {
    this.show(say(said.is_known ? "known" : "taken"), { isNews: true });
    const link = document.createElement("a");
    link.href = said.delivery;
    link.textContent = say("follow");
    link.setAttribute("aria-label", `${say("follow")}: ${this.file.name}`);
    this.row.append(link);
    // One file is followed on its own page, as without script; of several, each has its link.
    if (isAlone && !said.is_known) window.location.assign(said.delivery);
  }
}

async function next() {
  if (active) return;
  active = queue.shift();
  if (!active) return;
  if (!active.isStopped) await active.run();
  active = null;
  next();
}

function begin(upload) {
  isAlone = list.children.length === 1;
  queue.push(upload);
  next();
}

function submitted(event) {
  event.preventDefault();
  const input = form.querySelector("input[type=file]");
  if (!input.files.length) return complain(say("missing"));
  const declared = {};
  for (const name of ["unit", "record_type", "agreement"]) declared[name] = form.elements[name].value.trim();
  if (form.elements.only_check.checked) declared.only_check = "yes";
  const largest = Number(form.dataset.largest);
  for (const file of input.files) {
    if (file.size > largest || !file.size) {
      complain(say("large", { name: file.name, size: size(file.size), largest: size(largest) }));
      return undefined;
    }
  }
  for (const file of input.files) begin(new Upload(file, { declared }));
  input.value = "";
  chosen(input);
  return undefined;
}

function complain(text) {
  told.className = "notice notice--error";
  told.textContent = text;
}

function chosen(input) {
  const names = Array.from(input.files, (file) => `${file.name} (${size(file.size)})`).join(", ");
  form.querySelector(".drop__chosen").textContent = names ? say("chosen", { names }) : "";
  told.className = "hidden-text";
}

/* The label of the file input becomes the zone; the input itself stays what the keyboard meets. */
function makeZone() {
  const input = form.querySelector("input[type=file]");
  const field = input.closest(".field");
  input.multiple = true;
  input.classList.add("hidden-text"); // its focus shows on the zone
  field.classList.add("drop");
  const label = document.createElement("label");
  label.htmlFor = input.id;
  label.className = "drop__zone";
  label.textContent = say("drop");
  const names = document.createElement("p");
  names.className = "drop__chosen small";
  field.append(label, names);
  input.addEventListener("change", () => chosen(input));
  for (const name of ["dragenter", "dragover"]) {
    field.addEventListener(name, (event) => {
      event.preventDefault();
      field.classList.add("drop--over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    field.addEventListener(name, () => field.classList.remove("drop--over"));
  }
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    chosen(input);
  });
}

function goOn(item) {
  const input = item.querySelector("input[type=file]");
  if (!input) return;
  input.disabled = false;
  item.querySelector("[data-go-on]").hidden = false;
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) return;
    const { name, size: bytes, unfinished } = item.dataset;
    if (file.name !== name || file.size !== Number(bytes)) {
      complain(say("other", { name, size: size(Number(bytes)) }));
      input.value = "";
      return;
    }
    told.className = "hidden-text";
    item.remove();
    begin(new Upload(file, { url: unfinished }));
  });
}

if (form && list) {
  makeZone();
  form.addEventListener("submit", submitted);
  for (const item of document.querySelectorAll("[data-unfinished]")) goOn(item);
}
