// GraphiQL gives its tabs the role of a tab around a button of their own, which a screen reader cannot reach
// (ARIA: the children of a tab are presentational). They become a list of buttons, the open one marked as current.

/** Mends the tabs in this part of the page, now and whenever GraphiQL renders them anew. */
export function mendTabs(root) {
  const mend = () => {
    for (const tab of root.querySelectorAll('.graphiql-tab[role="tab"], .graphiql-tab[aria-selected]')) {
      const open = tab.getAttribute("aria-selected") === "true";
      tab.removeAttribute("role");
      tab.removeAttribute("aria-selected");
      tab.closest('[role="tablist"]')?.removeAttribute("role");
      tab.querySelector(".graphiql-tab-button")?.setAttribute("aria-current", String(open));
    }
  };
  const watch = { subtree: true, childList: true, attributeFilter: ["role", "aria-selected"] };
  new MutationObserver(mend).observe(root, watch);
}
