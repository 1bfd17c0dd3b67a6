/* Writing a goal: what belongs to another kind of measure steps aside. Without this script all of it is there. */
(() => {
  const aside = document.querySelectorAll("[data-when]");
  const show = () => {
    aside.forEach((part) => {
      const chosen = document.querySelector(`input[name="${part.dataset.when}"]:checked`);
      const wrong = part.querySelector('[aria-invalid="true"]');
      part.hidden = !wrong && !(chosen && part.dataset.is.split(" ").includes(chosen.value));
    });
  };
  document.addEventListener("change", show);
  show();
})();
