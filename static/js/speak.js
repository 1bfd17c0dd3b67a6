/* Reads a part of the page aloud when asked, never by itself. The buttons show only where the browser
   has a voice for the language of the words. */
(() => {
  "use strict";

  const voices = window.speechSynthesis;
  const buttons = [...document.querySelectorAll("[data-speak]")];
  if (!voices || !window.SpeechSynthesisUtterance || buttons.length === 0) return;

  const languageOf = (element) => (element.closest("[lang]") || document.documentElement).lang.slice(0, 2);
  const voiceFor = (language) => voices.getVoices().find((voice) => voice.lang.slice(0, 2) === language);
  const targetOf = (button) => document.getElementById(button.dataset.speak);

  const show = () => buttons.forEach((button) => {
    const target = targetOf(button);
    button.hidden = !(target && voiceFor(languageOf(target)));
  });

  const rest = (button) => button.setAttribute("aria-pressed", "false");
  buttons.forEach((button) => {
    rest(button);
    button.addEventListener("click", () => {
      const speaking = button.getAttribute("aria-pressed") === "true";
      voices.cancel();
      buttons.forEach(rest);
      if (speaking) return;
      const target = targetOf(button);
      button.hidden = true; // its own word is not for reading
      const text = target.innerText;
      button.hidden = false;
      button.focus();
      const words = new SpeechSynthesisUtterance(text);
      words.lang = languageOf(target);
      words.voice = voiceFor(words.lang);
      words.rate = 0.95;
      words.onend = words.onerror = () => rest(button);
      button.setAttribute("aria-pressed", "true");
      voices.speak(words);
    });
  });
  window.addEventListener("pagehide", () => voices.cancel());
  voices.addEventListener?.("voiceschanged", show);
  show();
})();
