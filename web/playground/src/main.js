// The playground: GraphiQL on this server's schema, the documentation open beside the editor.
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./playground.css";
import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { fetcher } from "./fetcher.js";
import { mendTabs } from "./tabs.js";

const PRODUCTS = `{
  products(first: 10) {
    nodes {
      code
      name
      price {
        amount
        currency
      }
    }
  }
}
`;

const logo = createElement(
  GraphiQL.Logo,
  null,
  createElement("a", { href: "/", className: "playground-home" }, "Keyhaus"),
);

const playground = createElement(
  GraphiQL,
  {
    fetcher,
    defaultQuery: PRODUCTS,
    visiblePlugin: DOC_EXPLORER_PLUGIN,
    shouldPersistHeaders: false, // a token is never kept in the browser's storage
  },
  logo,
);

const root = document.getElementById("playground");
mendTabs(root);
createRoot(root).render(playground);
