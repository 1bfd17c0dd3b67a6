/* A camera app opens the address of a badge: the token behind its "#" is sent, and leaves the address bar.
   Where the browser can read squares by itself, a button shows the camera here. Otherwise the code is typed. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-badge]");
  if (!form) return;
  const box = form.querySelector("[name=badge]");
  const send = (text) => { box.value = text; form.requestSubmit(); };

  const fromAddress = () => {
    const token = window.location.hash.slice(1);
    if (!/^[0-9A-Za-z]{12,40}$/.test(token)) return;
    window.history.replaceState(null, "", window.location.pathname);
    send(token);
  };
  fromAddress();
  window.addEventListener("hashchange", fromAddress);

  const camera = form.querySelector("[data-camera]");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const picture = camera.querySelector("[data-camera-picture]");
  const says = camera.querySelector("[data-camera-says]");
  const start = camera.querySelector("[data-camera-start]");
  camera.hidden = false;

  start.addEventListener("click", async () => {
    start.hidden = true;
    let stream;
    try {
      const reader = new window.BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      picture.srcObject = stream;
      picture.hidden = false;
      await picture.play();
      says.textContent = says.dataset.looking;
      const look = async () => {
        const [found] = await reader.detect(picture).catch(() => []);
        const token = found && found.rawValue.split("#")[1];
        if (!token) return window.setTimeout(look, 200);
        stream.getTracks().forEach((track) => track.stop());
        return send(token);
      };
      look();
    } catch {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      picture.hidden = true;
      says.textContent = says.dataset.refused;
      box.focus();
    }
  });
})();
