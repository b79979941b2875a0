// Scrolls the reading panel to its quote and follows the page from light to dark.
(() => {
  const quote = document.getElementById("quote");
  const page = window.parent;
  const follow = () => {
    const app = page.document.querySelector(".stApp");
    document.documentElement.style.colorScheme = page.getComputedStyle(app).colorScheme;
  };
  const find = () => {
    if (!quote) return;
    const place = quote.getBoundingClientRect();
    const room = Math.max(0, window.innerHeight - place.height);
    // Only this panel scrolls: scrollIntoView would move the page around it as well.
    window.scrollTo(0, window.scrollY + place.top - room / 3);
  };
  follow();
  page.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(follow, 300));
  window.addEventListener("load", find);
  window.addEventListener("resize", find);
  // On a phone the panel stands below the quotes: go there when a quote was opened, and again
  // while the page around it is still being drawn, but never against a reader who moves.
  if (page.innerWidth <= 640 && document.body.dataset.chosen) {
    const show = () => window.frameElement.scrollIntoView({ block: "start" });
    const drawing = new ResizeObserver(show);
    const stop = () => drawing.disconnect();
    drawing.observe(page.document.querySelector('[data-testid="stMainBlockContainer"]'));
    for (const move of ["touchstart", "wheel", "keydown"]) {
      for (const side of [window, page]) side.addEventListener(move, stop, { once: true });
    }
    setTimeout(stop, 3000);
    show();
  }
})();
