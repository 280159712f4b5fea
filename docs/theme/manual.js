// For readers without a mouse or a screen: the search has a name, and wide tables can be scrolled by keys.
window.addEventListener("load", () => setTimeout(() => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search")
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((one) => one.setAttribute("tabindex", "0"))
}, 50))
