// Runs before the first paint: what the person chose last time, theme and language, goes to the root element.
// Then it starts the client. `cargo xtask` puts the hashed addresses in place of the names in double braces.
(() => {
  const root = document.documentElement;
  const chosen = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage is switched off
    }
  };

  const theme = chosen("keyhaus-theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  const wanted = [chosen("keyhaus-language"), ...navigator.languages];
  const known = wanted.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => tag === "de" || tag === "en");
  root.lang = known ?? "de";

  const page = new Promise((resolve) => {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", resolve, { once: true });
    else resolve();
  });

  Promise.all([import("{{script}}"), page])
    .then(([client]) => client.default({ module_or_path: "{{program}}" }))
    .catch((error) => {
      console.error(error);
      const notice = document.createElement("p");
      notice.setAttribute("role", "alert");
      notice.textContent =
        root.lang === "de"
          ? "Keyhaus konnte nicht geladen werden. Laden Sie die Seite neu; hilft das nicht, ist Ihr Browser zu alt oder WebAssembly abgeschaltet."
          : "Keyhaus could not be loaded. Reload the page; if that does not help, your browser is too old or WebAssembly is switched off.";
      document.body.append(notice);
    });
})();
